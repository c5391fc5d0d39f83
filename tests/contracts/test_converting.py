"""The promises of domain/ports/converting.py, kept by the fake and by coremltools."""

import pytest
import torch
from coreml_stable_diffusion.adapters.coreml.network_converter import CoremltoolsConverter
from coreml_stable_diffusion.adapters.packages.model_decoder import MlModelDecoder
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.conversion.traced_network import TracedNetwork
from coreml_stable_diffusion.domain.errors import ConversionFailed
from coreml_stable_diffusion.domain.ports.converting import NetworkConverter
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
def converter(request: pytest.FixtureRequest) -> NetworkConverter:
    real = CoremltoolsConverter(MlModelDecoder())
    return FakeConverter(broken=(BROKEN,)) if request.param == "fake" else real


def network(graph: object) -> TracedNetwork:
    return TracedNetwork(
        component=Component.VAE_DECODER,
        graph=graph,
        inputs=(TensorSpec(name="x", shape=(1, 4), dtype="float16"),),
        outputs=(TensorSpec(name="y", shape=(1, 4), dtype="float32"),),
        metadata={"version": "1"},
    )


def test_a_network_becomes_a_program(converter: NetworkConverter) -> None:
    program = converter.convert(network(GOOD), ConversionPlan())

    assert [each.name for each in program.description.inputs] == ["x"]
    assert [each.name for each in program.description.outputs] == ["y"]
    assert program.description.metadata["version"] == "1"
    assert any(each.type == "linear" for each in program.main_function.body.operations)


def test_a_network_that_cannot_be_converted_is_told_by_its_name(
    converter: NetworkConverter,
) -> None:
    with pytest.raises(ConversionFailed, match="the VAE decoder could not be converted") as failure:
        converter.convert(network(BROKEN), ConversionPlan())
    assert "\n" not in str(failure.value)
