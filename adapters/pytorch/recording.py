"""Records a checkpoint's network as a TorchScript graph with the edge of Apple's contract."""

from typing import Any

import attrs
from torch import nn

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.conversion.plan import ConversionPlan
from ...domain.conversion.traced_network import TracedNetwork
from ...domain.errors import UnsupportedCheckpoint, first_line
from ...domain.tensor import ListedShapes, TensorSpec
from .attention import write_attention
from .late_loading import NamesDiffer, load_late_network
from .loading import load_network
from .recordable import Recordable
from .recordables import as_recordable
from .silence import silence
from .sizes import DENOISERS, require_sizes
from .tracing import Trace, trace

_APPLE_VERSION_KEY = "user:com.github.apple.ml-stable-diffusion.version"
# The version of Apple's tool whose contract the UNet keeps.
_APPLE_VERSION = "1.1.0"
_APPLE_VERSIONED = (Component.UNET, Component.CONTROL_UNET, Component.REFINER)


def record(checkpoint: Checkpoint, component: Component, plan: ConversionPlan) -> TracedNetwork:
    """Load the component and note every operation of a run in float32.

    Raises what `load_network` raises, and UnsupportedCheckpoint where the run fails.
    """
    try:
        with silence():
            network = _load(checkpoint, component)
            if component in DENOISERS:
                config: Any = network.config
                require_sizes(config, plan)
                write_attention(network, plan.attention, plan.latent_size(checkpoint))
            recordable = as_recordable(network, checkpoint, component, plan)
            others = [
                as_recordable(network, checkpoint, component, each).inputs
                for each in plan.for_each_further_size()
            ]
            traced = trace(recordable.module, [spec.shape for spec in recordable.inputs])
    except (RuntimeError, ValueError, TypeError) as error:
        problem = f"its {component.label} cannot be run: {first_line(error)}"
        raise UnsupportedCheckpoint(checkpoint.model, problem) from error
    return TracedNetwork(
        component=component,
        graph=traced.graph,
        inputs=tuple(map(_with_all_shapes, recordable.inputs, *others)),
        outputs=recordable.outputs,
        metadata=_metadata(checkpoint, component, recordable),
        weights=traced.weights,
        notes=_notes(component, traced),
    )


def _with_all_shapes(spec: TensorSpec, *others: TensorSpec) -> TensorSpec:
    """The input with the shapes that it has at every size."""
    shapes = tuple(dict.fromkeys(each.shape for each in (spec, *others)))
    return attrs.evolve(spec, flexibility=ListedShapes(shapes)) if len(shapes) > 1 else spec


def _load(checkpoint: Checkpoint, component: Component) -> nn.Module:
    """Without its numbers where its files' names are the network's; the library knows others."""
    try:
        return load_late_network(checkpoint, component)
    except NamesDiffer:
        return load_network(checkpoint, component)


def _notes(component: Component, traced: Trace) -> tuple[str, ...]:
    if traced.was_run is None:
        return ()
    return (f"{component.label}: recorded by running it, which takes longer: {traced.was_run}",)


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
