"""Converts a checkpoint to a folder of packages that generating needs nothing else for."""

import functools
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import final

import attrs

from ..domain.additions import NOTHING, Additions
from ..domain.checkpoint import Checkpoint
from ..domain.component import Component, Place
from ..domain.compression.palettization import Palettization
from ..domain.conversion.part import Part
from ..domain.conversion.plan import ConversionPlan
from ..domain.errors import ConversionFailed, NotAModelFolder
from ..domain.garbage_collection import collection_paused
from ..domain.mil.program import Program
from ..domain.model_facts import ModelFacts
from ..domain.pipeline_manifest import PackageRecord, PipelineManifest
from ..domain.ports.converting import NetworkConverter
from ..domain.ports.model_folders import ModelFolders
from ..domain.ports.observing import Observer
from ..domain.ports.packages import PackageWriter
from ..domain.ports.tracing import NetworkTracer
from ..domain.ports.turns import FolderTurns
from ..domain.ports.workspace import Workspace
from .kept_packages import kept_packages, of_this_model
from .palettize import Palettize
from .part_sources import PartSources

#: What may refuse a folder of packages by what it is.
Requirement = Callable[[PipelineManifest], None]

_LIBRARIES = ("coreml-stable-diffusion", "coremltools", "torch", "diffusers", "transformers")


@final
class Convert:
    """Converts one component at a time and keeps each as soon as it is whole.

    `pipeline.json` names only packages that are whole and fit together, at every moment; so a run
    that was stopped is finished by running it again, and one that fails at once changes nothing.
    Runs for one folder wait for each other.
    """

    def __init__(
        self,
        *,
        parts: PartSources,
        tracer: NetworkTracer,
        converter: NetworkConverter,
        writer: PackageWriter,
        workspace: Workspace,
        model_folders: ModelFolders,
        turns: FolderTurns,
        observer: Observer,
    ) -> None:
        self._parts = parts
        self._tracer = tracer
        self._converter = converter
        self._writer = writer
        self._workspace = workspace
        self._model_folders = model_folders
        self._turns = turns
        self._observer = observer

    def __call__(
        self,
        model: str,
        destination: Path,
        plan: ConversionPlan,
        revision: str | None = None,
        additions: Additions = NOTHING,
        *,
        require: Requirement | None = None,
    ) -> PipelineManifest:
        """Convert what the plan names, except packages that are already as they would become.

        What is added is converted whatever the plan names. `require` may refuse what the folder is
        going to be, before anything is converted. Raises CheckpointError, ConversionFailed,
        UnwritableOutput, and what `require` raises.
        """
        base = self._parts.changed(self._parts.open(model, revision), additions)
        height, width = plan.latent_size(base)
        plan = attrs.evolve(plan, latent_height=height, latent_width=width)
        self._tell_guess(base, plan)
        components = _components(base, plan, additions)
        own = (self._parts.own(base, component) for component in components)
        parts = {part.place: part for part in (*own, *self._parts.added(base, additions))}
        for part in parts.values():
            plan.require_target_of(part.component)
        waiting = functools.partial(
            self._observer.task, f"Waiting for another conversion into {destination}"
        )
        with self._turns.alone_in(destination, waiting):
            return self._convert_into(destination, base, plan, parts, require)

    def _convert_into(
        self,
        destination: Path,
        base: Checkpoint,
        plan: ConversionPlan,
        parts: Mapping[Place, Part],
        require: Requirement | None,
    ) -> PipelineManifest:
        wanted = {place: self._wanted(part, plan, destination) for place, part in parts.items()}
        earlier = self._earlier(destination)
        found = of_this_model(earlier, base)
        unasked = {
            place: self._unasked(record, base, plan, destination)
            for place, record in found.items()
            if place not in parts
        }
        kept = kept_packages(found, wanted, unasked, self._observer)
        manifest = PipelineManifest(facts=_facts(base, plan), packages=_in_order(*kept))
        lacking = parts.keys() - {record.place for record in kept}
        for place in lacking:
            part = parts[place]
            self._tracer.require(part.checkpoint, part.component, wanted[place].plan)
        if require is not None:
            coming = (wanted[place] for place in lacking)
            require(attrs.evolve(manifest, packages=_in_order(*kept, *coming)))
        if earlier is None or not lacking:
            self._describe(destination, base, manifest)
        for place in (each for each in parts if each in lacking):
            record = self._convert(parts[place], wanted[place], destination, base, manifest)
            manifest = attrs.evolve(manifest, packages=_in_order(*manifest.packages, record))
            self._model_folders.write_manifest(destination, manifest)
        return manifest

    def _describe(self, destination: Path, base: Checkpoint, manifest: PipelineManifest) -> None:
        self._model_folders.copy_tokenizer(base, destination)
        self._model_folders.write_manifest(destination, manifest)

    def _wanted(self, part: Part, plan: ConversionPlan, destination: Path) -> PackageRecord:
        """The record that the part would get; its files are those that are there now."""
        return PackageRecord(
            component=part.component,
            file=part.file,
            files=self._workspace.digests(destination / part.file),
            source=part.source,
            plan=plan.settled_for(part.component, part.checkpoint),
            versions={library: _version(library) for library in _LIBRARIES},
            model=part.model,
            revision=part.revision,
        )

    def _unasked(
        self, record: PackageRecord, base: Checkpoint, plan: ConversionPlan, destination: Path
    ) -> PackageRecord:
        """The record that a package would get that is there, though nobody asked for it now.

        Where it came from a ControlNet or refiner that was not named again, it came from there.
        """
        if record.model is None:
            return self._wanted(self._parts.own(base, record.component), plan, destination)
        return attrs.evolve(record, plan=plan.settled_for(record.component, base))

    def _earlier(self, destination: Path) -> PipelineManifest | None:
        """What an earlier run recorded; None where there was none."""
        try:
            return self._model_folders.read_manifest(destination)
        except NotAModelFolder:
            return None

    def _tell_guess(self, base: Checkpoint, plan: ConversionPlan) -> None:
        if base.guessed_prediction is not None and plan.prediction_type is None:
            height, width = (8 * size for size in plan.latent_size(base))
            self._observer.note(
                f"{base.model} does not tell what its UNet predicts; by the look of its weights it"
                f" is {base.guessed_prediction}, for pictures of {width} x {height}; where they"
                " come out as noise, say it with --prediction-type and --size"
            )

    def _convert(
        self,
        part: Part,
        wanted: PackageRecord,
        destination: Path,
        base: Checkpoint,
        manifest: PipelineManifest,
    ) -> PackageRecord:
        """Make the package; the folder stays as it was, and described so, until it is whole."""
        with (
            collection_paused(),
            self._observer.task(f"Converting the {wanted.label}", steps=3) as task,
            self._workspace.replacing(destination / wanted.file) as partial,
        ):
            network = self._tracer.trace(part.checkpoint, part.component, wanted.plan)
            for note in network.notes:
                self._observer.note(note)
            task.advance()
            program = self._converter.convert(network, wanted.plan)
            if palettization := wanted.plan.palettization_of(part.component):
                program = self._palettized(program, palettization, wanted.label)
            task.advance()
            self._writer.write(program, partial)
            files = self._workspace.digests(partial)
            self._describe(destination, base, manifest)
            task.advance()
        return attrs.evolve(wanted, files=files)

    def _palettized(self, program: Program, palettization: Palettization, label: str) -> Program:
        try:
            return Palettize(self._observer)(program, palettization, f"the {label}")
        except ValueError as error:
            raise ConversionFailed(label, str(error)) from error


def _components(
    base: Checkpoint, plan: ConversionPlan, additions: Additions
) -> tuple[Component, ...]:
    if plan.components is None:
        usual = (each for each in base.components if not each.on_demand)
        return _ordered({*usual, *additions.demanded})
    for component in plan.components:
        base.require(component)
    return _ordered(plan.components)


def _ordered(components: Iterable[Component]) -> tuple[Component, ...]:
    return tuple(each for each in Component if each in components)


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "not installed"


def _in_order(*records: PackageRecord) -> tuple[PackageRecord, ...]:
    order = list(Component)
    return tuple(sorted(records, key=lambda record: order.index(record.component)))


def _facts(base: Checkpoint, plan: ConversionPlan) -> ModelFacts:
    height, width = plan.latent_size(base)
    scheduler = base.facts.scheduler
    if plan.prediction_type is not None:
        scheduler = {**scheduler, "prediction_type": plan.prediction_type}
    return attrs.evolve(base.facts, latent_height=height, latent_width=width, scheduler=scheduler)
