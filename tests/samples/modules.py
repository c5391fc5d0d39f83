"""Small PyTorch modules made of what Stable Diffusion is made of."""

from collections.abc import Sequence
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

Module = TypeVar("Module", bound=nn.Module)


def randomised(module: Module, seed: int = 0) -> Module:
    """Draw all weights, those of norms too: as 1 and 0 coremltools would fold them away."""
    generator = torch.Generator().manual_seed(seed)
    for name, weight in module.named_parameters():
        weight.data = torch.randn(weight.shape, generator=generator) / max(
            1.0, weight[0].numel() ** 0.5 if weight.ndim > 1 else 3.0
        )
        if "norm" in name and name.endswith("weight"):
            weight.data += 1
    return module.eval().requires_grad_(False)


class ResidualBlock(nn.Module):
    """Group norm, SiLU and convolution beside an identity, as in a ResNet of the UNet."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(4, 8, eps=1e-6)
        self.conv = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Picture (1, 8, height, width) to the same."""
        convolved: Tensor = self.conv(functional.silu(self.norm(x)))
        return x + convolved


class FlatGroupNorm(nn.Module):
    """A group norm over (batch, channels, places), as before the attention of the VAE."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(4, 8)

    def forward(self, x: Tensor) -> Tensor:
        """Picture (1, 8, height, width) to (1, places, 8)."""
        normalised: Tensor = self.norm(x.flatten(2))
        return normalised.transpose(1, 2)


class Attention(nn.Module):
    """Attention with several heads; `masked` makes it causal, `flat` folds heads into the batch."""

    def __init__(self, *, masked: bool = False, flat: bool = False) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(16)
        self.projections = nn.Linear(16, 48)
        self.masked, self.flat = masked, flat

    def forward(self, x: Tensor) -> Tensor:
        """States (1, 10, 16) to the same."""
        query, key, value = (
            each.reshape(1, 10, 4, 4).transpose(1, 2)
            for each in self.projections(self.norm(x)).chunk(3, -1)
        )
        if self.flat:
            query, key, value = (each.reshape(4, 10, 4) for each in (query, key, value))
        scores = query @ key.transpose(-1, -2) * 0.5
        if self.masked:
            scores = scores + torch.full((10, 10), -1e4).triu(1)
        heads: Tensor = (scores.softmax(-1) @ value).reshape(1, 4, 10, 4)
        return heads.transpose(1, 2).flatten(2)


class GatedFeedForward(nn.Module):
    """GEGLU between two linear layers, or between convolutions of 1 x 1 that compute the same."""

    def __init__(self, *, channels_first: bool = False) -> None:
        super().__init__()
        self.inner, self.outer = (
            nn.Conv2d(*widths, 1) if channels_first else nn.Linear(*widths)
            for widths in ((16, 64), (32, 16))
        )
        self.axis = 1 if channels_first else -1

    def forward(self, x: Tensor) -> Tensor:
        """States (1, 10, 16), or (1, 16, 1, 10), to the same."""
        states, gate = self.inner(x).chunk(2, self.axis)
        result: Tensor = self.outer(states * functional.gelu(gate))
        return result


class EinsumAttention(nn.Module):
    """Attention over pictures by einsum, as Apple's converter writes it.

    `split` is its SPLIT_EINSUM, a product for each head, otherwise its ORIGINAL; `queries_at_once`
    are the chunks of SPLIT_EINSUM_V2. `sliced` cuts by slices, as Apple does.
    """

    def __init__(self, *, split: bool, queries_at_once: int = 10, sliced: bool = False) -> None:
        super().__init__()
        self.projections = nn.ModuleList(nn.Conv2d(16, 16, 1) for _ in range(3))
        self.split = split
        self.queries_at_once = queries_at_once
        self.sliced = sliced

    def forward(self, x: Tensor) -> Tensor:
        """States (1, 16, 1, 10) to the same."""
        query, key, value = (each(x) for each in self.projections)
        return (self._heads if self.split else self._whole)(query, key, value)

    def _heads(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        heads = zip(
            self._cut(query, 4, 1),
            self._cut(key.transpose(1, 3), 4, 3),
            self._cut(value, 4, 1),
            strict=True,
        )
        return torch.cat([self._head(*each) for each in heads], 1)

    def _cut(self, x: Tensor, size: int, axis: int) -> Sequence[Tensor]:
        if not self.sliced:
            return torch.split(x, size, axis)
        starts = range(0, x.shape[axis], size)
        return [x.narrow(axis, each, min(size, x.shape[axis] - each)) for each in starts]

    def _head(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        if self.queries_at_once == query.shape[3]:
            return self._chunk(query, key, value)
        chunks = self._cut(query, self.queries_at_once, 3)
        return torch.cat([self._chunk(each, key, value) for each in chunks], 3)

    @staticmethod
    def _chunk(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        scores = torch.einsum("bchq,bkhc->bkhq", [query, key]) * 0.5
        return torch.einsum("bkhq,bchk->bchq", [scores.softmax(1), value])

    @staticmethod
    def _whole(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        query, key, value = (each.reshape(1, 4, 4, 10) for each in (query, key, value))
        scores = torch.einsum("bhcq,bhck->bhqk", [query, key]) * 0.5
        return torch.einsum("bhqk,bhck->bhcq", [scores.softmax(3), value]).reshape(1, 16, 1, 10)
