"""Our pipelines on the networks of a diffusers checkpoint, as packages would have them."""

from pathlib import Path
from typing import Any

import attrs
import numpy as np
from coreml_stable_diffusion.adapters.files.tokenizer_files import tokenizer_files
from coreml_stable_diffusion.adapters.pillow.images import PillowImageResizer
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.pytorch.original_network import OriginalNetwork
from coreml_stable_diffusion.adapters.pytorch.original_networks import TorchOriginals
from coreml_stable_diffusion.application.generate import Generate, GeneratedImage
from coreml_stable_diffusion.application.load_pipeline import LoadedPipeline, LoadPipeline
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.pipeline_manifest import PackageRecord, PipelineManifest
from coreml_stable_diffusion.domain.ports.networks import Network
from coreml_stable_diffusion.domain.request import GenerationRequest
from coreml_stable_diffusion.domain.tensor import ListedShapes
from coreml_stable_diffusion.domain.tokenizer.vocabulary import parse_vocabulary
from diffusers import DiffusionPipeline
from fakes.model_folders import FakeModelFolders
from fakes.networks import FakeNetworkRuntime
from fakes.observing import FakeObserver
from numpy.typing import NDArray

FOLDER = Path("models") / "original"
TEXT_LENGTH = 77


@attrs.define
class DiffusersWorld:
    """A checkpoint's networks under the names of its packages, ready to draw."""

    pipeline: LoadedPipeline
    generate: Generate
    observer: FakeObserver

    @classmethod
    def of(
        cls,
        folder: Path,
        *,
        controlnets: tuple[Path, ...] = (),
        refiner: Path | None = None,
        plan: ConversionPlan | None = None,
        wide: bool = False,
        **settings: Any,
    ) -> "DiffusersWorld":
        """With `wide` the networks also admit pictures of twice the width."""
        plan, checkpoint = plan or ConversionPlan(), DiffusersFolder().open(str(folder))
        parts = [(each, checkpoint, each) for each in checkpoint.components]
        if controlnets:
            parts.append((Component.CONTROL_UNET, checkpoint, Component.CONTROL_UNET))
        for each in controlnets:
            opened = DiffusersFolder().open_controlnet(str(each), checkpoint)
            parts.append((Component.CONTROLNET, opened, Component.CONTROLNET))
        if refiner is not None:
            opened = DiffusersFolder().open(str(refiner))
            parts.append((Component.REFINER, opened, Component.UNET))
        records, networks = [], dict[str, Network]()
        for component, source, original in parts:
            file = component.package_name(source.facts.model_version)
            network = TorchOriginals().load(source, original, plan)
            networks[file] = _also_wide(network) if wide else network
            records.append(_record(component, file, source, plan))
        return cls.with_networks(checkpoint, tuple(records), networks, **settings)

    @classmethod
    def with_networks(
        cls,
        checkpoint: Checkpoint,
        records: tuple[PackageRecord, ...],
        networks: dict[str, Network],
        **settings: Any,
    ) -> "DiffusersWorld":
        observer = FakeObserver()
        load = LoadPipeline(
            model_folders=FakeModelFolders(
                manifests={FOLDER: PipelineManifest(facts=checkpoint.facts, packages=records)},
                vocabularies={FOLDER: parse_vocabulary(*tokenizer_files(checkpoint).values())},
            ),
            configurations=[],
            runtime=FakeNetworkRuntime(networks),
            resizer=PillowImageResizer(),
            observer=observer,
        )
        return cls(load(FOLDER, **settings), Generate(observer=observer), observer)

    def draw(self, prompt: str, **settings: Any) -> list[GeneratedImage]:
        request = GenerationRequest(prompt=prompt, **{"seed": 1, **settings})
        return list(self.generate(self.pipeline, request))


def _also_wide(network: Network) -> Network:
    assert isinstance(network, OriginalNetwork)
    inputs = tuple(
        attrs.evolve(
            each, flexibility=ListedShapes((each.shape, (*each.shape[:3], 2 * each.shape[3])))
        )
        if each.name in ("sample", "z", "x")
        else each
        for each in network.recordable.inputs
    )
    return attrs.evolve(network, recordable=attrs.evolve(network.recordable, inputs=inputs))


def _record(
    component: Component, file: str, source: Checkpoint, plan: ConversionPlan
) -> PackageRecord:
    alone = component in (Component.CONTROLNET, Component.REFINER)
    return PackageRecord(
        component=component,
        file=file,
        files={},
        source="",
        plan=plan,
        model=source.facts.model_version if alone else None,
    )


def theirs(kind: type[DiffusionPipeline], folder: Path, **parts: Any) -> Any:
    """A pipeline of diffusers on the same checkpoint, which shows no progress."""
    pipeline = kind.from_pretrained(folder, **parts)
    pipeline.set_progress_bar_config(disable=True)
    for name in ("tokenizer", "tokenizer_2"):
        if getattr(pipeline, name, None) is not None:
            getattr(pipeline, name).model_max_length = TEXT_LENGTH
    return pipeline


def pixels_of(image: Any) -> NDArray[np.uint8]:
    """A picture of diffusers as ours are."""
    return np.asarray(image.convert("RGB"))
