"""Windows over an axis, and blocks of space moved into the batch and back."""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional

from .arguments import Integers


def sliding_windows(x: Tensor, axis: int, size: int, stride: int = 1) -> Tensor:
    """Every window along the axis, its elements in a new axis after that."""
    first = axis % x.ndim
    return x.unfold(first, size, stride).movedim(-1, first + 1)


def space_to_batch(x: Tensor, block_shape: Integers, paddings: Integers) -> Tensor:
    """Move the pixels of each block, padded with zeros, into the batch, places outermost."""
    (top, bottom, left, right), (rows, columns) = paddings, block_shape
    padded = functional.pad(x, [left, right, top, bottom])
    batch, channels, height, width = padded.shape
    blocks = padded.reshape(batch, channels, height // rows, rows, width // columns, columns)
    moved = blocks.permute(3, 5, 0, 1, 2, 4)
    return moved.reshape(-1, channels, height // rows, width // columns)


def batch_to_space(x: Tensor, block_shape: Integers, crops: Integers) -> Tensor:
    """Undo `space_to_batch`, cutting off what it padded."""
    (top, bottom, left, right), (rows, columns) = crops, block_shape
    _, channels, height, width = x.shape
    blocks = x.reshape(rows, columns, -1, channels, height, width).permute(2, 3, 4, 0, 5, 1)
    whole = blocks.reshape(-1, channels, height * rows, width * columns)
    return whole[:, :, top : height * rows - bottom, left : width * columns - right]


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function for function in (sliding_windows, space_to_batch, batch_to_space)
}
