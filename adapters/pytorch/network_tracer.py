"""Records networks with PyTorch, which is imported when the first is recorded."""

from typing import final

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.conversion.plan import ConversionPlan
from ...domain.conversion.traced_network import TracedNetwork
from ...domain.ports.tracing import NetworkTracer
from .sizes import DENOISERS, require_recordable


@final
class TorchTracer(NetworkTracer):
    """Traces what diffusers and transformers load, one network at a time, in float32 on the CPU."""

    def require(self, checkpoint: Checkpoint, component: Component, plan: ConversionPlan) -> None:
        """Look at the configuration of what denoises, which alone has demands."""
        checkpoint.require(component)
        if component in DENOISERS:
            require_recordable(checkpoint, component, plan)

    def trace(
        self, checkpoint: Checkpoint, component: Component, plan: ConversionPlan
    ) -> TracedNetwork:
        """Load and record the component."""
        from .recording import record  # noqa: PLC0415 - PyTorch and diffusers take seconds

        return record(checkpoint, component, plan)
