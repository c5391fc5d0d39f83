"""Small PyTorch networks of many kinds, their weights of two or three values.

Such weights lose nothing in any compression, so that PyTorch's own results stay the measure.
"""

from collections.abc import Callable

import attrs
import numpy as np
import torch
from numpy.typing import NDArray
from samples.modules import (
    Attention,
    EinsumAttention,
    FlatGroupNorm,
    GatedFeedForward,
    ResidualBlock,
)
from torch import Tensor, nn
from torch.nn import functional


class _Picture(nn.Module):
    """Convolutions, batch norms and pools, and a class for the picture."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(4, 16, 3, padding=1), nn.Conv2d(16, 16, 3, stride=2)
        self.norm, self.out = nn.BatchNorm2d(16), nn.Linear(16, 10)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.max_pool2d(functional.relu(self.norm(self.first(x))), 2)
        logits: Tensor = self.out(functional.relu(self.second(y)).mean((2, 3)))
        return logits.softmax(-1)


class _Separable(nn.Module):
    """A convolution of each channel, then of each pixel, as in MobileNet."""

    def __init__(self) -> None:
        super().__init__()
        self.wide = nn.Conv2d(4, 32, 1)
        self.depth = nn.Conv2d(32, 32, 3, padding=1, groups=32)
        self.narrow = nn.Conv2d(32, 4, 1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.narrow(functional.relu6(self.depth(functional.hardswish(self.wide(x)))))
        return x + y


class _Hourglass(nn.Module):
    """Down, up again by a transposed convolution, and past both: a UNet in small."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(4, 16, 4, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1)
        self.out = nn.Conv2d(12, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        y = self.up(functional.silu(self.down(x)))
        z: Tensor = self.out(torch.cat([x, y], 1))
        return z


class _Enlarged(nn.Module):
    """Super-resolution: channels become pixels, beside a bilinear enlargement."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 16, 3, padding=1, padding_mode="reflect")

    def forward(self, x: Tensor) -> Tensor:
        enlarged = functional.interpolate(x, scale_factor=2, mode="bilinear")
        return enlarged + functional.pixel_shuffle(functional.leaky_relu(self.conv(x), 0.1), 2)


class _Sound(nn.Module):
    """Convolutions over time that look back only."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Conv1d(16, 16, 3, dilation=2**each) for each in range(2))

    def forward(self, x: Tensor) -> Tensor:
        for depth, layer in enumerate(self.layers):
            past = functional.pad(x, (2 * 2**depth, 0))
            x = x + torch.tanh(layer(past)) * torch.sigmoid(layer(past))
        return x


class _Text(nn.Module):
    """Token and position embeddings, causal attention, and the state of the last token."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens, self.positions = nn.Embedding(30, 16), nn.Embedding(10, 16)
        self.block = Attention(masked=True)
        self.out = nn.Linear(16, 30)

    def forward(self, ids: Tensor) -> Tensor:
        states = self.tokens(ids) + self.positions(torch.arange(10))
        logits: Tensor = self.out(states + self.block(states))
        return logits[:, -1]


class _Patches(nn.Module):
    """A picture in ten patches, a layer of a transformer over them, and their mean."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(4, 16, 2, stride=2)
        self.attention, self.after = Attention(), GatedFeedForward()

    def forward(self, x: Tensor) -> Tensor:
        tokens = self.patches(x).flatten(2).transpose(1, 2)
        states: Tensor = tokens + self.attention(tokens)
        result: Tensor = states + self.after(states)
        return result.mean(1)


class _Memory(nn.Module):
    """An LSTM in both directions, which stays one operation."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(16, 8, bidirectional=True)

    def forward(self, x: Tensor) -> Tensor:
        states: Tensor = self.lstm(x)[0]
        return states


class _Unrolled(nn.Module):
    """A gated cell, step by step."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.new = nn.Linear(32, 16), nn.Linear(32, 16)

    def forward(self, x: Tensor) -> Tensor:
        state = torch.zeros(1, 16)
        for step in range(4):
            both = torch.cat([x[step], state], -1)
            kept = torch.sigmoid(self.gate(both))
            state = kept * state + (1 - kept) * torch.tanh(self.new(both))
        return state


class _Mixer(nn.Module):
    """Layers over channels, and over places."""

    def __init__(self) -> None:
        super().__init__()
        self.channels, self.places = nn.Linear(16, 16), nn.Linear(10, 10)
        self.norm = nn.LayerNorm(16)

    def forward(self, x: Tensor) -> Tensor:
        x = x + functional.gelu(self.channels(self.norm(x)))
        mixed: Tensor = self.places(x.transpose(1, 2))
        return x + mixed.transpose(1, 2)


@attrs.frozen
class Sample:
    """A kind of network, and the shape of what it takes; `tokens` are whole numbers."""

    make: Callable[[], nn.Module]
    shape: tuple[int, ...]
    tokens: bool = False

    def network(self, values: int) -> nn.Module:
        """The network with large weights of two values, or of three, zero among them."""
        generator = torch.Generator().manual_seed(0)
        module = self.make()
        for name, weight in module.named_parameters():
            drawn = torch.randn(weight.shape, generator=generator)
            if weight.ndim > 1:
                size = 2.0 ** round(-np.log2(weight[0].numel()) / 2)
                kept = torch.ones(()) if values == 2 else (drawn.abs() > 0.5).float()
                weight.data = drawn.sign() * kept * size
            else:  # coremltools folds norms into convolutions: one factor for all channels
                weight.data = torch.full_like(drawn, 1.25) if "weight" in name else drawn / 4
        return module.eval().requires_grad_(False)

    def example(self) -> NDArray[np.generic]:
        """Something that the network takes."""
        rng = np.random.default_rng(0)
        if self.tokens:
            return rng.integers(0, 30, self.shape).astype(np.int32)
        return rng.standard_normal(self.shape).astype(np.float32)


_PICTURE, _STATES = (1, 4, 8, 8), (1, 10, 16)
SAMPLES: dict[str, Sample] = {
    "picture": Sample(_Picture, _PICTURE),
    "separable": Sample(_Separable, _PICTURE),
    "residual block": Sample(ResidualBlock, (1, 8, 6, 6)),
    "flat group norm": Sample(
        lambda: nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), FlatGroupNorm()), (1, 8, 4, 4)
    ),
    "hourglass": Sample(_Hourglass, _PICTURE),
    "enlarged": Sample(_Enlarged, _PICTURE),
    "sound": Sample(_Sound, (1, 16, 12)),
    "attention": Sample(Attention, _STATES),
    "einsum attention": Sample(lambda: EinsumAttention(split=True), (1, 16, 1, 10)),
    "gated feed forward": Sample(GatedFeedForward, _STATES),
    "mixer": Sample(_Mixer, _STATES),
    "text": Sample(_Text, (1, 10), tokens=True),
    "patches": Sample(_Patches, (1, 4, 4, 10)),
    "memory": Sample(_Memory, (4, 1, 16)),
    "unrolled": Sample(_Unrolled, (4, 1, 16)),
}
