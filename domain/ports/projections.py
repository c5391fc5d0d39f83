"""Where projections of foreign text encoders come from."""

from pathlib import Path
from typing import Protocol

from ..conversion.traced_network import TracedNetwork


class ProjectionSource(Protocol):
    """Reads projections that somebody trained: from other texts' states to those of CLIP."""

    def record(self, file: Path) -> TracedNetwork:
        """Record the projection for 256 states of 512 numbers, with Apple's input and output.

        It gives `encoder_hidden_states`, channels first, as the UNet takes them. Raises
        NotAProjection.
        """
        ...
