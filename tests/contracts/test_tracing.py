"""The promises of domain/ports/tracing.py, kept by the fake and by PyTorch."""

from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.pytorch.network_tracer import TorchTracer
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import AttentionImplementation, ConversionPlan
from coreml_stable_diffusion.domain.errors import InvalidRequest, MissingComponent
from coreml_stable_diffusion.domain.ports.tracing import NetworkTracer
from fakes.tracing import FakeTracer


@pytest.fixture(params=[FakeTracer, TorchTracer])
def tracer(request: pytest.FixtureRequest) -> NetworkTracer:
    made: NetworkTracer = request.param()
    return made


@pytest.fixture
def checkpoint(tiny_checkpoint: Path) -> Checkpoint:
    return DiffusersFolder().open(str(tiny_checkpoint))


def test_a_recorded_network_names_its_component_and_its_edge(
    tracer: NetworkTracer, checkpoint: Checkpoint
) -> None:
    network = tracer.trace(checkpoint, Component.VAE_DECODER, ConversionPlan())

    assert network.component is Component.VAE_DECODER
    assert network.inputs
    assert network.outputs
    assert network.metadata["version"] == checkpoint.facts.model_version


def test_what_the_checkpoint_lacks_cannot_be_recorded(
    tracer: NetworkTracer, checkpoint: Checkpoint
) -> None:
    without = attrs.evolve(checkpoint, components=(Component.UNET,))

    with pytest.raises(MissingComponent, match="text_encoder; it has: unet"):
        tracer.trace(without, Component.TEXT_ENCODER, ConversionPlan())


def test_what_can_be_recorded_is_not_refused(tracer: NetworkTracer, checkpoint: Checkpoint) -> None:
    for component in checkpoint.components:
        tracer.require(checkpoint, component, ConversionPlan().settled_for(component, checkpoint))


def test_what_the_checkpoint_lacks_is_refused(
    tracer: NetworkTracer, checkpoint: Checkpoint
) -> None:
    without = attrs.evolve(checkpoint, components=(Component.UNET,))

    with pytest.raises(MissingComponent, match="text_encoder; it has: unet"):
        tracer.require(without, Component.TEXT_ENCODER, ConversionPlan())


def test_attention_in_chunks_that_are_too_large_is_refused_without_loading(
    checkpoint: Checkpoint,
) -> None:
    plan = ConversionPlan(attention=AttentionImplementation.SPLIT_EINSUM_V2)

    with pytest.raises(InvalidRequest, match=r"^--attention-implementation: .* chunks of 512"):
        TorchTracer().require(checkpoint, Component.UNET, plan)
