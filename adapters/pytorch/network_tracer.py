"""Records networks with PyTorch, which is imported when the first is recorded."""

from typing import final

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.conversion.plan import ConversionPlan
from ...domain.conversion.traced_network import TracedNetwork
from ...domain.ports.tracing import NetworkTracer


@final
class TorchTracer(NetworkTracer):
    """Traces what diffusers and transformers load, one network at a time, in float32 on the CPU."""

    def trace(
        self, checkpoint: Checkpoint, component: Component, plan: ConversionPlan
    ) -> TracedNetwork:
        """Load and record the component."""
        from .recording import record  # noqa: PLC0415 - PyTorch and diffusers take seconds

        return record(checkpoint, component, plan)
