"""Records a checkpoint's network as a TorchScript graph with the edge of Apple's contract."""

import warnings

import torch

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.conversion.plan import ConversionPlan
from ...domain.conversion.traced_network import TracedNetwork
from ...domain.errors import UnsupportedCheckpoint, first_line
from .loading import load_network
from .recordable import Recordable
from .recordables import as_recordable
from .silence import silence

_APPLE_VERSION_KEY = "user:com.github.apple.ml-stable-diffusion.version"
# The version of Apple's tool whose contract the UNet keeps.
_APPLE_VERSION = "1.1.0"
_APPLE_VERSIONED = (Component.UNET, Component.CONTROL_UNET, Component.REFINER)


def record(checkpoint: Checkpoint, component: Component, plan: ConversionPlan) -> TracedNetwork:
    """Load the component and run it once in float32, noting every operation.

    Raises what `load_network` raises, and UnsupportedCheckpoint where the run fails.
    """
    try:
        with silence():
            network = load_network(checkpoint, component)
            recordable = as_recordable(network, checkpoint, component, plan)
            graph = _trace(recordable)
    except (RuntimeError, ValueError, TypeError) as error:
        problem = f"its {component.label} cannot be run: {first_line(error)}"
        raise UnsupportedCheckpoint(checkpoint.model, problem) from error
    return TracedNetwork(
        component=component,
        graph=graph,
        inputs=recordable.inputs,
        outputs=recordable.outputs,
        metadata=_metadata(checkpoint, component, recordable),
    )


def _trace(recordable: Recordable) -> torch.jit.ScriptModule:
    examples = tuple(torch.zeros(spec.shape) for spec in recordable.inputs)
    with torch.no_grad(), warnings.catch_warnings():
        # The tracer warns of every shape that becomes a constant, which here is the purpose.
        warnings.simplefilter("ignore")
        # Checking means to trace and run twice more: three quarters of a conversion's time.
        graph: torch.jit.ScriptModule = torch.jit.trace(  # type: ignore[no-untyped-call] # as it is
            recordable.module.eval(), examples, check_trace=False
        )
    return graph


def _metadata(
    checkpoint: Checkpoint, component: Component, recordable: Recordable
) -> dict[str, str]:
    metadata = {
        "author": f"The authors of {checkpoint.facts.model_version}; see its model card",
        "license": checkpoint.facts.licence or f"The licence of {checkpoint.facts.model_version}",
        "version": checkpoint.facts.model_version,
        "short_description": recordable.summary,
    }
    if component in _APPLE_VERSIONED:
        metadata[_APPLE_VERSION_KEY] = _APPLE_VERSION
    return metadata
