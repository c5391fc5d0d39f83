"""Convolutions as the matrix products that they are of the patches of a picture.

That is faster than oneDNN's convolutions where there are few places or very many channels.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import torch
from torch import Tensor
from torch.nn import functional

from .call import Call
from .parts import ROWS, in_parts, parts

# With more input channels oneDNN's convolutions take a seventh to a third longer.
_MOST_CHANNELS = 1536


def patched(call: Call) -> "PatchConvolution | None":
    """The convolution that a call is by patches, or None where that would not pay or cannot be."""
    layer: Mapping[str, Any] = call.settled
    if not _is_plain(**layer):
        return None
    outputs, channels = layer["weight"].shape[:2]
    few = call.shape and math.prod(call.shape) <= ROWS * outputs and parts(outputs) > 1
    return PatchConvolution.of(**layer) if few or channels > _MOST_CHANNELS else None


def _is_plain(
    weight: Tensor,
    *,
    pad_type: str = "valid",
    pad: Sequence[int] = (0, 0, 0, 0),
    dilations: Sequence[int] = (1, 1),
    groups: int = 1,
    **_others: object,
) -> bool:
    """Whether it is a convolution of more than 1 x 1 with the same border on both sides."""
    size = weight.ndim == 4 and weight.shape[2:] != (1, 1)
    border = pad_type == "valid" or (pad_type == "custom" and tuple(pad[::2]) == tuple(pad[1::2]))
    return size and border and {*dilations, groups} == {1}


@attrs.frozen(kw_only=True)
class PatchConvolution:
    """A convolution over pictures that are kept with channels last.

    The weight is (parts, height * width * inputs, outputs of a part), the bias (parts, 1, outputs).
    """

    weight: Tensor
    bias: Tensor | None
    size: tuple[int, ...]
    padding: tuple[int, ...]
    strides: tuple[int, ...]

    @classmethod
    def of(
        cls,
        weight: Tensor,
        bias: Tensor | None = None,
        *,
        strides: tuple[int, ...] = (1, 1),
        pad_type: str = "valid",
        pad: tuple[int, ...] = (0, 0, 0, 0),
        **_others: object,
    ) -> "PatchConvolution":
        """Lay out a weight (outputs, inputs, height, width)."""
        return cls(
            weight=in_parts(weight).flatten(1, 2),
            bias=None if bias is None else bias.float().view(parts(len(bias)), 1, -1),
            size=weight.shape[2:],
            padding=tuple(pad[::2]) if pad_type == "custom" else (0, 0),
            strides=strides,
        )

    def __call__(self, x: Tensor, other: Tensor | None = None) -> Tensor:
        """Convolve (batch, channels, height, width) and add another of the result's shape."""
        patches = self._patches(x)
        products = [self._product(rows) for rows in torch.split(patches.flatten(0, 2), ROWS)]
        picture = torch.cat(products).view(*patches.shape[:3], -1).permute(0, 3, 1, 2)
        return picture if other is None else picture.add_(other)

    def _patches(self, x: Tensor) -> Tensor:
        """(batch, rows, columns, height * width * channels) of the places of the result."""
        above, beside = self.padding
        x = functional.pad(x.movedim(1, -1), (0, 0, beside, beside, above, above))
        for axis in (0, 1):
            x = x.unfold(axis + 1, self.size[axis], self.strides[axis])
        return x.movedim(3, -1).flatten(3)

    def _product(self, rows: Tensor) -> Tensor:
        """Multiply (places, inputs) with every part of the weight."""
        spread = rows.expand(len(self.weight), -1, -1)
        if self.bias is None:
            product = torch.bmm(spread, self.weight)
        else:
            product = torch.baddbmm(self.bias, spread, self.weight)
        return product.transpose(0, 1).flatten(1)
