"""The networks of Stable Diffusion 1.5 at their edges alone: they answer at once, and alike."""

from pathlib import Path

import attrs
import numpy as np
from coreml_stable_diffusion.adapters.console.silence import Silence
from coreml_stable_diffusion.adapters.files.model_folders import LocalModelFolders
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.adapters.pillow.images import PillowImageResizer
from coreml_stable_diffusion.adapters.pocket.pocket_source import NAME, PocketSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.application.load_pipeline import LoadedPipeline, LoadPipeline
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.pipeline_manifest import PackageRecord, PipelineManifest
from coreml_stable_diffusion.domain.ports.networks import Network, NetworkRuntime
from coreml_stable_diffusion.domain.tensor import Tensors, TensorSpec

CONTROLNET = "edges"
_LATENTS, _TEXT = (2, 4, 64, 64), (2, 768, 1, 77)
_PICTURE = (512, 512)
#: Channels, and height and width, of what a ControlNet adds to the UNet's skip connections.
_RESIDUALS = (
    *[(320, 64)] * 3,
    *[(320, 32), (640, 32), (640, 32)],
    *[(640, 16), (1280, 16), (1280, 16)],
    *[(1280, 8)] * 4,
)


def _specs(dtype: str, **shapes: tuple[int, ...]) -> tuple[TensorSpec, ...]:
    return tuple(TensorSpec(name=name, shape=shape, dtype=dtype) for name, shape in shapes.items())


_UNET_INPUTS = _specs("float16", sample=_LATENTS, timestep=(2,), encoder_hidden_states=_TEXT)
_RESIDUAL_SHAPES = {
    f"additional_residual_{number}": (2, channels, side, side)
    for number, (channels, side) in enumerate(_RESIDUALS)
}
_EDGES = {
    Component.TEXT_ENCODER: (
        _specs("float32", input_ids=(1, 77)),
        _specs("float32", last_hidden_state=(1, 77, 768), pooled_outputs=(1, 768)),
    ),
    Component.UNET: (_UNET_INPUTS, _specs("float32", noise_pred=_LATENTS)),
    Component.CONTROL_UNET: (
        (*_UNET_INPUTS, *_specs("float16", **_RESIDUAL_SHAPES)),
        _specs("float32", noise_pred=_LATENTS),
    ),
    Component.CONTROLNET: (
        (*_UNET_INPUTS, *_specs("float16", controlnet_cond=(2, 3, *_PICTURE))),
        _specs("float32", **_RESIDUAL_SHAPES),
    ),
    Component.VAE_ENCODER: (
        _specs("float16", x=(1, 3, *_PICTURE)),
        _specs("float32", latent=(1, 8, 64, 64)),
    ),
    Component.VAE_DECODER: (
        _specs("float16", z=(1, 4, 64, 64)),
        _specs("float32", image=(1, 3, *_PICTURE)),
    ),
}


class IdleNetwork(Network):
    """Gives the same random numbers every time; nothing is computed."""

    def __init__(self, component: Component) -> None:
        self._inputs, self._outputs = _EDGES[component]
        rng = np.random.default_rng(0)
        self._answer = {
            spec.name: rng.standard_normal(spec.shape).astype(spec.dtype) for spec in self._outputs
        }

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What the real one takes."""
        return self._inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What the real one gives."""
        return self._outputs

    def predict(self, inputs: Tensors) -> Tensors:  # noqa: ARG002 -- whatever they are
        """Answer at once."""
        return self._answer


class IdleRuntime(NetworkRuntime):
    """Knows packages by the names of their components."""

    def require_available(self) -> None:
        """Be everywhere."""

    def load(self, package: Path, compute_unit: ComputeUnit = ComputeUnit.ALL) -> Network:  # noqa: ARG002 -- none computes
        """Make the network of a component."""
        return IdleNetwork(Component(package.name))


def idle_pipeline(folder: Path) -> LoadedPipeline:
    """A pipeline of the idle networks; its manifest and tokenizer are written into the folder."""
    pocket = PocketSource(DiffusersFolder()).open(NAME)
    facts = attrs.evolve(pocket.facts, latent_height=64, latent_width=64, safety_preprocessing=None)
    model_folders = LocalModelFolders(LocalWorkspace())
    packages = tuple(
        PackageRecord(
            component=component,
            file=component.value,
            files={},
            source="",
            plan=ConversionPlan(),
            model=CONTROLNET if component is Component.CONTROLNET else None,
        )
        for component in _EDGES
    )
    model_folders.write_manifest(folder, PipelineManifest(facts=facts, packages=packages))
    model_folders.copy_tokenizer(pocket, folder)
    load = LoadPipeline(
        model_folders=model_folders,
        configurations=(),
        runtime=IdleRuntime(),
        resizer=PillowImageResizer(),
        observer=Silence(),
    )
    return load(folder)
