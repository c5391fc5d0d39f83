"""The promises of domain/ports/converting.py, kept by the fake and by coremltools."""

from pathlib import Path

import pytest
import torch
from coreml_stable_diffusion.adapters.coreml.package_converter import CoremltoolsConverter
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.conversion.traced_network import TracedNetwork
from coreml_stable_diffusion.domain.errors import ConversionFailed, UnwritableOutput
from coreml_stable_diffusion.domain.ports.converting import PackageConverter
from coreml_stable_diffusion.domain.tensor import TensorSpec
from fakes.converting import FakeConverter
from torch import nn

EXAMPLE = torch.zeros(1, 4)


class Bessel(nn.Module):
    """Something that has no counterpart in MIL."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        unknown: torch.Tensor = torch.special.bessel_j0(x)
        return unknown


GOOD = torch.jit.trace(nn.Linear(4, 4), EXAMPLE)  # type: ignore[no-untyped-call] # as torch has it
BROKEN = torch.jit.trace(Bessel(), EXAMPLE)  # type: ignore[no-untyped-call] # as torch has it


@pytest.fixture(params=["fake", "coremltools"])
def converter(request: pytest.FixtureRequest) -> PackageConverter:
    return FakeConverter(broken=(BROKEN,)) if request.param == "fake" else CoremltoolsConverter()


def network(graph: object) -> TracedNetwork:
    return TracedNetwork(
        component=Component.VAE_DECODER,
        graph=graph,
        inputs=(TensorSpec(name="x", shape=(1, 4), dtype="float16"),),
        outputs=(TensorSpec(name="y", shape=(1, 4), dtype="float32"),),
    )


def test_a_network_becomes_a_package(converter: PackageConverter, tmp_path: Path) -> None:
    package = tmp_path / "vae_decoder.mlpackage"

    converter.convert(network(GOOD), ConversionPlan(), package)

    assert (package / "Manifest.json").is_file()


def test_a_network_that_cannot_be_converted_is_told_by_its_name(
    converter: PackageConverter, tmp_path: Path
) -> None:
    with pytest.raises(ConversionFailed, match="the VAE decoder could not be converted") as failure:
        converter.convert(network(BROKEN), ConversionPlan(), tmp_path / "broken.mlpackage")
    assert "\n" not in str(failure.value)


def test_a_place_that_cannot_be_written_is_told(
    converter: PackageConverter, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UnwritableOutput, match=r"unet\.mlpackage"):
        converter.convert(network(GOOD), ConversionPlan(), tmp_path / "file" / "unet.mlpackage")
