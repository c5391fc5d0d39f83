"""Converting among fakes."""

from pathlib import Path
from typing import Any

import attrs
from coreml_stable_diffusion.application.convert import Convert, Requirement
from coreml_stable_diffusion.application.part_sources import PartSources
from coreml_stable_diffusion.domain.additions import Additions
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.model_facts import ModelFamily
from coreml_stable_diffusion.domain.ports.turns import FolderTurns
from coreml_stable_diffusion.domain.tokenizer.vocabulary import Vocabulary
from fakes.changing import FakeChanging
from fakes.checkpoints import COMPONENTS, FakeCheckpointSource, fake_checkpoint
from fakes.companions import FakeCompanionSource
from fakes.converting import FakeConverter
from fakes.model_folders import FakeModelFolders
from fakes.observing import FakeObserver
from fakes.packages import FakePackageWriter
from fakes.tracing import FakeTracer
from fakes.turns import FakeTurns
from fakes.workspace import FakeWorkspace

MODEL = "owner/model"
REFINER = "owner/refiner"
EDGES, DEPTH = "owner/edges", "owner/depth"
VOCABULARY = Vocabulary(ids={"<|startoftext|>": 0, "<|endoftext|>": 1}, ranks={})
ALL = ConversionPlan()
USUAL = [component for component in COMPONENTS if not component.on_demand]
EVERYTHING = [component.value for component in USUAL]
ONLY_UNET = ConversionPlan(components=(Component.UNET,))


def refiner() -> Checkpoint:
    made = fake_checkpoint(REFINER)
    return attrs.evolve(made, facts=attrs.evolve(made.facts, family=ModelFamily.SDXL_REFINER))


@attrs.define
class World:
    """A use case among fakes, and the folder that it converts to."""

    folder: Path
    checkpoint: Checkpoint = attrs.field(factory=lambda: fake_checkpoint(MODEL))
    tracer: FakeTracer = attrs.field(factory=FakeTracer)
    converter: FakeConverter = attrs.field(factory=FakeConverter)
    writer: FakePackageWriter = attrs.field(factory=FakePackageWriter)
    observer: FakeObserver = attrs.field(factory=FakeObserver)
    turns: FolderTurns = attrs.field(factory=FakeTurns)
    companions: FakeCompanionSource = attrs.field(init=False)
    source: FakeCheckpointSource = attrs.field(init=False)
    model_folders: FakeModelFolders = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.source = FakeCheckpointSource(
            {MODEL: self.checkpoint, REFINER: refiner()}, controlnets=(EDGES, DEPTH)
        )
        self.companions = FakeCompanionSource(dict.fromkeys((EDGES, DEPTH), ModelFamily.SD1))
        self.model_folders = FakeModelFolders(checkpoints={self.checkpoint.folder: VOCABULARY})

    def convert(
        self,
        plan: ConversionPlan = ALL,
        model: str = MODEL,
        require: Requirement | None = None,
        **additions: Any,
    ) -> list[str]:
        """Convert, and return the components that were made anew."""
        self.tracer.traced.clear()
        self.observer.notes.clear()
        Convert(
            parts=PartSources(
                [FakeCheckpointSource({}), self.source],
                [FakeCompanionSource({}), self.companions],
                FakeChanging(),
            ),
            tracer=self.tracer,
            converter=self.converter,
            writer=self.writer,
            workspace=FakeWorkspace(),
            model_folders=self.model_folders,
            turns=self.turns,
            observer=self.observer,
        )(model, self.folder, plan, additions=Additions(**additions), require=require)
        return [component.value for component in self.tracer.traced]

    def recorded(self) -> list[str]:
        manifest = self.model_folders.read_manifest(self.folder)
        return [record.component.value for record in manifest.packages]

    def package(self, component: Component) -> Path:
        return self.folder / component.package_name(MODEL)
