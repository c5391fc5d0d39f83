"""Networks that are one line of arithmetic, held to the promises of domain/ports/networks.py."""

from collections.abc import Callable, Mapping
from pathlib import Path

import attrs
import numpy as np
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.errors import BrokenPackage, PredictionError, RuntimeUnavailable
from coreml_stable_diffusion.domain.examination import (
    Examination,
    NumericFault,
    Record,
    unrecorded,
)
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.ports.networks import (
    ExaminableNetwork,
    ExaminingRuntime,
    Network,
    NetworkRuntime,
)
from coreml_stable_diffusion.domain.tensor import Tensors, TensorSpec, misfit
from numpy.typing import ArrayLike

Script = Callable[[Tensors], Mapping[str, ArrayLike]]


@attrs.define
class FakeNetwork(Network):
    """Answers with what its script computes, cast and broadcast to the declared outputs.

    `calls` are the inputs of every prediction so far.
    """

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    script: Script
    name: str = "fake network"
    calls: list[Tensors] = attrs.field(factory=list)

    def predict(self, inputs: Tensors) -> Tensors:
        if problem := misfit(inputs, self.inputs):
            raise PredictionError(self.name, problem)
        self.calls.append({name: array.copy() for name, array in inputs.items()})
        answers = self.script(inputs)
        return {
            spec.name: np.broadcast_to(answers[spec.name], spec.shape).astype(spec.dtype)
            for spec in self.outputs
        }


@attrs.define
class FakeExaminableNetwork(ExaminableNetwork):
    """Has nothing inside but its outputs; its faults are always the same."""

    network: FakeNetwork
    faults: tuple[NumericFault, ...] = ()

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        return self.network.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        return self.network.outputs

    def predict(self, inputs: Tensors) -> Tensors:
        return self.network.predict(inputs)

    def examine(self, inputs: Tensors, record: Record = unrecorded) -> Examination:
        outputs = self.predict(inputs)
        for name, array in outputs.items():
            record(name, array)
        return Examination(outputs, self.faults)


@attrs.frozen
class FakeExaminingRuntime(ExaminingRuntime):
    """Has one network for each package's file name, and for programs others where it is told."""

    networks: Mapping[str, FakeExaminableNetwork]
    programs: Mapping[str, FakeExaminableNetwork] = attrs.field(factory=dict)

    def load_to_examine(self, package: Path) -> ExaminableNetwork:
        if package.name not in self.networks:
            raise BrokenPackage(package, "it is not there")
        return self.networks[package.name]

    def program_to_examine(self, program: Program, package: Path) -> ExaminableNetwork:
        del program
        return self.programs.get(package.name) or self.load_to_examine(package)


@attrs.define
class FakeNetworkRuntime(NetworkRuntime):
    """Has one network for each package's file name, in whatever folder the package is said to be.

    `loaded` are the names and compute units that were asked for, in order. Where there is a
    `problem` it is not on this machine.
    """

    networks: Mapping[str, Network]
    loaded: list[tuple[str, ComputeUnit]] = attrs.field(factory=list)
    problem: str | None = None

    def require_available(self) -> None:
        if self.problem is not None:
            raise RuntimeUnavailable("fake", self.problem)

    def load(self, package: Path, compute_unit: ComputeUnit = ComputeUnit.ALL) -> Network:
        if package.name not in self.networks:
            raise BrokenPackage(package, "it is not there")
        self.loaded.append((package.name, compute_unit))
        return self.networks[package.name]


def spec(name: str, shape: tuple[int, ...], dtype: str = "float16") -> TensorSpec:
    return TensorSpec(name=name, shape=shape, dtype=dtype)


def fake_text_encoder(script: Script, *, length: int = 77, hidden: int = 8) -> FakeNetwork:
    return FakeNetwork(
        inputs=(spec("input_ids", (1, length), "float32"),),
        outputs=(
            spec("last_hidden_state", (1, length, hidden), "float32"),
            spec("pooled_outputs", (1, hidden), "float32"),
        ),
        script=lambda inputs: {"pooled_outputs": 0.0, **script(inputs)},
        name="text encoder",
    )


def fake_unet(
    script: Script,
    *,
    batch: int = 2,
    latents: tuple[int, int, int] = (4, 3, 5),
    length: int = 77,
    hidden: int = 8,
) -> FakeNetwork:
    return FakeNetwork(
        inputs=(
            spec("sample", (batch, *latents)),
            spec("timestep", (batch,)),
            spec("encoder_hidden_states", (batch, hidden, 1, length)),
        ),
        outputs=(spec("noise_pred", (batch, *latents), "float32"),),
        script=script,
        name="UNet",
    )


def fake_control_unet(script: Script, *, batch: int = 2) -> FakeNetwork:
    unet = fake_unet(script, batch=batch)
    residual = spec("additional_residual_0", unet.inputs[0].shape)
    return attrs.evolve(unet, inputs=(*unet.inputs, residual), name="control UNet", calls=[])


def fake_controlnet(script: Script, *, batch: int = 2, factor: int = 8) -> FakeNetwork:
    inputs = fake_unet(script, batch=batch).inputs
    _, _, height, width = inputs[0].shape
    return FakeNetwork(
        inputs=(*inputs, spec("controlnet_cond", (batch, 3, factor * height, factor * width))),
        outputs=(spec("additional_residual_0", inputs[0].shape, "float32"),),
        script=script,
        name="ControlNet",
    )


def fake_vae_decoder(
    script: Script, *, latents: tuple[int, int, int] = (4, 3, 5), factor: int = 8
) -> FakeNetwork:
    _, height, width = latents
    return FakeNetwork(
        inputs=(spec("z", (1, *latents)),),
        outputs=(spec("image", (1, 3, factor * height, factor * width), "float32"),),
        script=script,
        name="VAE decoder",
    )


def fake_vae_encoder(
    script: Script, *, latents: tuple[int, int, int] = (4, 3, 5), factor: int = 8
) -> FakeNetwork:
    channels, height, width = latents
    return FakeNetwork(
        inputs=(spec("x", (1, 3, factor * height, factor * width)),),
        outputs=(spec("latent", (1, 2 * channels, height, width), "float32"),),
        script=script,
        name="VAE encoder",
    )


def fake_safety_checker(
    script: Script, *, height: int = 24, width: int = 40, size: int = 16
) -> FakeNetwork:
    picture = (1, height, width, 3)
    return FakeNetwork(
        inputs=(
            spec("clip_input", (1, 3, size, size)),
            spec("images", picture),
            spec("adjustment", (1,)),
        ),
        outputs=(
            spec("filtered_images", picture, "float32"),
            spec("has_nsfw_concepts", (1, 1, 1, 1), "float32"),
            spec("concept_scores", (1, 17), "float32"),
        ),
        script=lambda inputs: {"filtered_images": 0.0, "concept_scores": 0.0, **script(inputs)},
        name="safety checker",
    )
