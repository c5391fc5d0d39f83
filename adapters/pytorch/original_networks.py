"""Networks of checkpoints on PyTorch, which is imported when the first is loaded."""

from typing import final

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.conversion.plan import ConversionPlan
from ...domain.ports.networks import Network
from ...domain.ports.originals import OriginalNetworks


@final
class TorchOriginals(OriginalNetworks):
    """Runs what diffusers and transformers load, in float32 on the CPU."""

    def load(self, checkpoint: Checkpoint, component: Component, plan: ConversionPlan) -> Network:
        """Load the component; attention is the library's own, whatever the plan says."""
        from .original_network import original_network  # noqa: PLC0415 - imports PyTorch

        return original_network(checkpoint, component, plan)
