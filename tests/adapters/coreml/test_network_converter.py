"""The packages of a whole checkpoint keep Apple's contract, read back through coremltools."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.coreml.framework import quiet_coremltools
from coreml_stable_diffusion.adapters.coreml.network_converter import CoremltoolsConverter
from coreml_stable_diffusion.adapters.packages.model_decoder import MlModelDecoder
from coreml_stable_diffusion.adapters.packages.package_writer import MlPackageWriter
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ComputePrecision, ConversionPlan
from coreml_stable_diffusion.domain.conversion.traced_network import TracedNetwork
from coreml_stable_diffusion.domain.coreml.deployment_target import DeploymentTarget
from coreml_stable_diffusion.domain.tensor import TensorSpec
from torch import nn

Edge = list[tuple[str, tuple[int, ...], str]]
HALF, FULL = "FLOAT16", "FLOAT32"

# Section 1.6 of the contract, for a checkpoint of width 32 and 8 x 8 latents.
INPUTS: dict[Component, Edge] = {
    Component.TEXT_ENCODER: [("input_ids", (1, 77), FULL)],
    Component.UNET: [
        ("sample", (2, 4, 8, 8), HALF),
        ("timestep", (2,), HALF),
        ("encoder_hidden_states", (2, 32, 1, 77), HALF),
    ],
    Component.VAE_DECODER: [("z", (1, 4, 8, 8), HALF)],
    Component.VAE_ENCODER: [("x", (1, 3, 64, 64), HALF)],
    Component.SAFETY_CHECKER: [
        ("clip_input", (1, 3, 32, 32), HALF),
        ("images", (1, 64, 64, 3), HALF),
        ("adjustment", (1,), HALF),
    ],
}
OUTPUTS: dict[Component, Edge] = {
    Component.TEXT_ENCODER: [
        ("last_hidden_state", (1, 77, 32), FULL),
        ("pooled_outputs", (1, 32), FULL),
    ],
    Component.UNET: [("noise_pred", (2, 4, 8, 8), FULL)],
    Component.VAE_DECODER: [("image", (1, 3, 64, 64), FULL)],
    Component.VAE_ENCODER: [("latent", (1, 8, 8, 8), FULL)],
    Component.SAFETY_CHECKER: [
        ("filtered_images", (1, 64, 64, 3), FULL),
        ("has_nsfw_concepts", (1, 1, 1, 1), FULL),
        ("concept_scores", (1, 17), FULL),
    ],
}


def read_spec(package: Path) -> Any:
    with quiet_coremltools() as coremltools:
        return coremltools.utils.load_spec(str(package))


def edge(features: Any) -> Edge:
    return [
        (each.name, tuple(array.shape), array.ArrayDataType.Name(array.dataType))
        for each in features
        for array in [each.type.multiArrayType]
    ]


def operations(spec: Any) -> list[Any]:
    main = spec.mlProgram.functions["main"]
    return list(main.block_specializations[main.opset].operations)


@pytest.fixture(scope="module", params=list(INPUTS), ids=lambda each: each.value)
def component(request: pytest.FixtureRequest) -> Component:
    found: Component = request.param
    return found


@pytest.fixture(scope="module")
def spec(component: Component, tiny_packages: Path) -> Any:
    return read_spec(tiny_packages / component.package_name("tiny"))


def test_the_edge_is_apples(component: Component, spec: Any) -> None:
    assert edge(spec.description.input) == INPUTS[component]
    assert edge(spec.description.output) == OUTPUTS[component]


def test_every_input_and_output_is_described(spec: Any) -> None:
    for feature in (*spec.description.input, *spec.description.output):
        assert len(feature.shortDescription) > 20


def test_the_package_says_where_it_is_from(component: Component, spec: Any) -> None:
    metadata = spec.description.metadata
    assert metadata.versionString == "tiny"
    assert metadata.author
    assert metadata.license
    assert metadata.shortDescription
    apple = metadata.userDefined.get("com.github.apple.ml-stable-diffusion.version")
    assert apple == ("1.1.0" if component is Component.UNET else None)


def test_macos_13_reads_the_package(spec: Any) -> None:
    assert spec.specificationVersion == 7


def test_the_files_are_readable_for_all(component: Component, tiny_packages: Path) -> None:
    modes = {
        path.name: oct(path.stat().st_mode & 0o777)
        for path in (tiny_packages / component.package_name("tiny")).rglob("*")
        if path.is_file()
    }

    assert set(modes.values()) == {oct(0o666 & ~current_umask())}


def current_umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def test_no_constant_is_infinite(component: Component, tiny_packages: Path) -> None:
    package = tiny_packages / component.package_name("tiny")
    content = (package / "Data" / "com.apple.CoreML" / "weights" / "weight.bin").read_bytes()
    masked = np.float16(-1e4).tobytes()

    assert (masked * 8 in content) == (component is Component.TEXT_ENCODER)
    assert np.float16(-np.inf).tobytes() * 8 not in content


def test_only_the_timesteps_sinusoids_stay_in_float32(tiny_packages: Path) -> None:
    spec = read_spec(tiny_packages / Component.UNET.package_name("tiny"))
    kept = {
        operation.type
        for operation in operations(spec)
        if operation.type not in ("const", "cast")
        and operation.outputs[0].type.tensorType.dataType == spec_type("FLOAT32")
    }

    assert kept == {"expand_dims", "mul", "sin", "cos"}


def spec_type(name: str) -> int:
    with quiet_coremltools() as coremltools:
        number: int = coremltools.proto.MIL_pb2.DataType.Value(name)
    return number


class Doubled(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 2 * x


def convert(plan: ConversionPlan, package: Path) -> Any:
    example = torch.zeros(1, 4)
    network = TracedNetwork(
        component=Component.VAE_DECODER,
        graph=torch.jit.trace(Doubled(), example),  # type: ignore[no-untyped-call] # as torch has it
        inputs=(TensorSpec(name="x", shape=(1, 4), dtype=plan.precision.value),),
        outputs=(TensorSpec(name="y", shape=(1, 4), dtype="float32"),),
    )
    program = CoremltoolsConverter(MlModelDecoder()).convert(network, plan)
    MlPackageWriter().write(program, package)
    return read_spec(package)


@pytest.mark.parametrize(
    ("target", "version"),
    [
        (DeploymentTarget.MACOS13, 7),
        (DeploymentTarget.IOS16, 7),
        (DeploymentTarget.MACOS14, 8),
        (DeploymentTarget.IOS17, 8),
        (DeploymentTarget.MACOS15, 9),
        (DeploymentTarget.IOS18, 9),
    ],
)
def test_the_target_decides_the_specification(
    target: DeploymentTarget, version: int, tmp_path: Path
) -> None:
    plan = ConversionPlan(deployment_target=target)

    assert convert(plan, tmp_path / "x.mlpackage").specificationVersion == version


@pytest.mark.parametrize("precision", list(ComputePrecision))
def test_the_precision_reaches_the_operations(precision: ComputePrecision, tmp_path: Path) -> None:
    spec = convert(ConversionPlan(precision=precision), tmp_path / "x.mlpackage")

    (product,) = (each for each in operations(spec) if each.type == "mul")
    found = product.outputs[0].type.tensorType.dataType
    assert found == spec_type(precision.name)
    assert edge(spec.description.input)[0][2] == precision.name


def test_converting_is_silent(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    convert(ConversionPlan(), tmp_path / "x.mlpackage")

    assert capfd.readouterr() == ("", "")
