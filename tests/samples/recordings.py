"""Recorded networks that can be run; those that are converted have no numbers."""

from typing import Any

import attrs
from coreml_stable_diffusion.adapters.pytorch.attention import write_attention
from coreml_stable_diffusion.adapters.pytorch.loading import load_network
from coreml_stable_diffusion.adapters.pytorch.network_tracer import TorchTracer
from coreml_stable_diffusion.adapters.pytorch.recordables import as_recordable
from coreml_stable_diffusion.adapters.pytorch.sizes import DENOISERS
from coreml_stable_diffusion.adapters.pytorch.tracing import trace
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.conversion.traced_network import TracedNetwork


def record_with_numbers(
    checkpoint: Checkpoint, component: Component, plan: ConversionPlan
) -> TracedNetwork:
    """What the tracer records, with a graph that holds the weights."""
    network: Any = load_network(checkpoint, component)
    if component in DENOISERS:
        write_attention(network, plan.attention, plan.latent_size(checkpoint))
    recordable = as_recordable(network, checkpoint, component, plan)
    traced = trace(recordable.module, [each.shape for each in recordable.inputs])
    recorded = TorchTracer().trace(checkpoint, component, plan)
    return attrs.evolve(recorded, graph=traced.graph, weights={})
