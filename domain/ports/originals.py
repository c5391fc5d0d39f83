"""What a converted network is held against."""

from typing import Protocol

from ..checkpoint import Checkpoint
from ..component import Component
from ..conversion.plan import ConversionPlan
from .networks import Network


class OriginalNetworks(Protocol):
    """Loads the networks of a checkpoint as their authors' libraries compute them."""

    def load(self, checkpoint: Checkpoint, component: Component, plan: ConversionPlan) -> Network:
        """Make a component ready to predict in float32, unconverted.

        It takes and gives what the component's package by the plan does, under the same names.
        Raises MissingComponent where the checkpoint lacks it and NotACheckpoint where its files
        cannot be read.
        """
        ...
