"""Convolutions of 3 x 3 by tiles, with a quarter of the multiplications (arXiv:1509.09308).

A tile of the result is Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A for a kernel g and the tile d of the picture under
it; summed over channels, the product in the middle is one matrix product for each place of a tile.
"""

import functools
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import torch
from torch import Tensor
from torch.nn import functional

from .call import Call
from .parts import in_parts

# What a matrix product must have of rows to be worth the larger weights.
_LEAST_TILES = 128
_LEAST_CHANNELS = 64
# The processor's caches lose some of what more tiles make before it is used again.
_MOST_TILES = 192

_Matrix = Sequence[Sequence[float]]


@attrs.frozen
class Filtering:
    """The matrices of F(m x m, 3 x 3), m being the width of a tile of the result."""

    input_rows: _Matrix
    kernel_rows: _Matrix
    output_rows: _Matrix

    @property
    def step(self) -> int:
        """The width of a tile of the result: m."""
        return len(self.output_rows)

    @property
    def width(self) -> int:
        """The width of the tile that it is computed from: m + 2."""
        return len(self.input_rows)

    def tiles(self, shape: Sequence[int]) -> int:
        """How many tiles a result (batch, channels, height, width) has."""
        batch, _, height, width = shape
        return batch * -(-height // self.step) * -(-width // self.step)


#: 4 multiplications an element instead of 9; the paper's first example.
SMALL = Filtering(
    input_rows=((1, 0, -1, 0), (0, 1, 1, 0), (0, -1, 1, 0), (0, 1, 0, -1)),
    kernel_rows=((1, 0, 0), (1 / 2, 1 / 2, 1 / 2), (1 / 2, -1 / 2, 1 / 2), (0, 0, 1)),
    output_rows=((1, 1, 1, 0), (0, 1, -1, -1)),
)
#: 2.25 multiplications an element; errors are three times as large, 4e-6 of the result.
LARGE = Filtering(
    input_rows=(
        (4, 0, -5, 0, 1, 0),
        (0, -4, -4, 1, 1, 0),
        (0, 4, -4, -1, 1, 0),
        (0, -2, -1, 2, 1, 0),
        (0, 2, -1, -2, 1, 0),
        (0, 4, 0, -5, 0, 1),
    ),
    kernel_rows=(
        (1 / 4, 0, 0),
        (-1 / 6, -1 / 6, -1 / 6),
        (-1 / 6, 1 / 6, -1 / 6),
        (1 / 24, 1 / 12, 1 / 6),
        (1 / 24, -1 / 12, 1 / 6),
        (0, 0, 1),
    ),
    output_rows=(
        (1, 1, 1, 1, 1, 0),
        (0, 1, -1, 2, -2, 0),
        (0, 1, 1, 4, 4, 0),
        (0, 1, -1, 8, -8, 1),
    ),
)


def tiled(call: Call) -> "WinogradConvolution | None":
    """The convolution that a call is by tiles, or None where that would not pay or cannot be."""
    layer: Mapping[str, Any] = call.settled
    if len(call.shape) != 4 or not _is_bordered(**layer):
        return None
    for filtering in (LARGE, SMALL):
        if filtering.tiles(call.shape) >= _LEAST_TILES:
            return WinogradConvolution.of(filtering, layer["weight"], layer.get("bias"))
    return None


def _is_bordered(
    weight: Tensor,
    *,
    strides: Sequence[int] = (1, 1),
    pad_type: str = "valid",
    pad: Sequence[int] = (),
    dilations: Sequence[int] = (1, 1),
    groups: int = 1,
    **_others: object,
) -> bool:
    """Whether it is a plain convolution of 3 x 3 with a border of one zero and many channels."""
    size = tuple(weight.shape[2:]) == (3, 3) and min(weight.shape[:2]) >= _LEAST_CHANNELS
    border = pad_type == "same" or (pad_type == "custom" and tuple(pad) == (1, 1, 1, 1))
    return size and border and groups == 1 and {*strides, *dilations} == {1}


@attrs.frozen
class WinogradConvolution:
    """A convolution with a border of one zero, in parts of its outputs.

    Weights are (places of a tile, inputs, outputs of a part), biases (outputs of a part).
    """

    filtering: Filtering
    weights: tuple[Tensor, ...]
    biases: tuple[Tensor | None, ...]

    @classmethod
    def of(cls, filtering: Filtering, weight: Tensor, bias: Tensor | None) -> "WinogradConvolution":
        """Transform a weight (outputs, inputs, 3, 3)."""
        rows, kernels = _in_both_axes(filtering.kernel_rows), in_parts(weight)
        weights = tuple((rows @ part.flatten(1)).view(-1, *part.shape[1:]) for part in kernels)
        biases = (None,) * len(weights) if bias is None else bias.float().chunk(len(weights))
        return cls(filtering, weights, biases)

    def __call__(self, x: Tensor, other: Tensor | None = None) -> Tensor:
        """Convolve (batch, channels, height, width) and add another of the result's shape."""
        height, width = x.shape[2:]
        step = self.filtering.step
        down, right = -(-height // step), -(-width // step)
        outputs = (len(self.weights), self.weights[0].shape[2])
        result = torch.empty(x.shape[0], down, step, right, step, *outputs)
        tiles = self._tiles(x, down, right)
        for band in _bands(tiles):
            turned = self._turned(tiles[band])
            for part, layer in enumerate(zip(self.weights, self.biases, strict=True)):
                flat = self._products(turned, *layer)
                placed = flat.view(step, step, *tiles[band].shape[:3], -1)
                result[(*band, ..., part, slice(None))] = placed.permute(2, 3, 0, 4, 1, 5)
        picture = result.view(-1, down * step, right * step, math.prod(outputs))
        picture = picture[:, :height, :width].permute(0, 3, 1, 2)
        return picture if other is None else picture.add_(other)

    def _tiles(self, x: Tensor, down: int, right: int) -> Tensor:
        """View x as (batch, rows, columns, channels, height, width) of overlapping tiles."""
        step, width = self.filtering.step, self.filtering.width
        below, beside = down * step - x.shape[2], right * step - x.shape[3]
        padded = functional.pad(x.permute(0, 2, 3, 1), (0, 0, 1, 1 + beside, 1, 1 + below))
        return padded.unfold(1, width, step).unfold(2, width, step)

    def _turned(self, tiles: Tensor) -> Tensor:
        """Tiles of pictures as what is multiplied: (places of a tile, tiles, channels)."""
        places = tiles.permute(4, 5, 0, 1, 2, 3).reshape(self.filtering.width**2, -1)
        turned = _in_both_axes(self.filtering.input_rows) @ places
        return turned.view(len(turned), -1, tiles.shape[3])

    def _products(self, turned: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """Tiles of the result: (places of a tile, tiles * outputs of a part)."""
        products = turned @ weight
        if bias is not None:
            # Place (1, 1) counts once in every element of a tile of the result.
            products[self.filtering.width + 1] += bias
        return _in_both_axes(self.filtering.output_rows) @ products.flatten(1)


def _bands(tiles: Tensor) -> Iterator[tuple[slice, slice]]:
    """Spans of examples, and of their rows, that are not too many tiles together.

    Small pictures come together, since a product of more rows is the faster; rows are about equal.
    """
    examples, rows, columns = tiles.shape[:3]
    together = max(1, _MOST_TILES // (rows * columns))
    bands = min(rows, -(-together * rows * columns // _MOST_TILES))
    bounds = [rows * band // bands for band in range(bands + 1)]
    for first in range(0, examples, together):
        for begin, end in itertools.pairwise(bounds):
            yield slice(first, first + together), slice(begin, end)


@functools.cache
def _in_both_axes(rows: _Matrix) -> Tensor:
    """What a matrix does to the rows and the columns of a flattened tile."""
    matrix = torch.tensor(rows, dtype=torch.float64)
    return torch.kron(matrix, matrix).float()
