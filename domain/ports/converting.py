"""How a recorded network becomes an ML Program."""

from typing import Protocol

from ..conversion.plan import ConversionPlan
from ..conversion.traced_network import TracedNetwork
from ..mil.program import Program


class NetworkConverter(Protocol):
    """Turns recorded networks into ML Programs."""

    def convert(self, network: TracedNetwork, plan: ConversionPlan) -> Program:
        """Convert the network, with descriptions and metadata.

        Weights that the network has late are late in the program too: each is read from the
        checkpoint when the program is written. Raises ConversionFailed, and so does reading a
        weight that is not there any more.
        """
        ...
