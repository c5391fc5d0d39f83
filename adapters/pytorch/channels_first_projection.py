"""A projection whose result has the form that Apple's UNets take."""

from typing import Any

from torch import Tensor, nn


class ChannelsFirstProjection(nn.Module):
    """Turns (batch, places, channels) to (batch, channels, 1, places) in the end."""

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, states: Tensor) -> Tensor:
        """Project the states."""
        projected: Tensor = self.layer(states)
        return projected.permute(0, 2, 1).unsqueeze(2)
