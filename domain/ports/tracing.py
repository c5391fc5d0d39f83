"""How a checkpoint's networks become graphs."""

from typing import Protocol

from ..checkpoint import Checkpoint
from ..component import Component
from ..conversion.plan import ConversionPlan
from ..conversion.traced_network import TracedNetwork


class NetworkTracer(Protocol):
    """Loads one network of a checkpoint and records what it computes."""

    def require(self, checkpoint: Checkpoint, component: Component, plan: ConversionPlan) -> None:
        """Refuse what is known to be of no use before anything is loaded.

        Raises InvalidRequest, MissingComponent and NotACheckpoint.
        """
        ...

    def trace(
        self, checkpoint: Checkpoint, component: Component, plan: ConversionPlan
    ) -> TracedNetwork:
        """Record the component with the inputs, outputs and shapes of Apple's packages.

        Raises MissingComponent where the checkpoint lacks it, NotACheckpoint where its files
        cannot be read and UnsupportedCheckpoint where it is of a kind that cannot be recorded.
        """
        ...
