"""Weights of convolutions in parts of their outputs, for matrix products.

MKL multiplies up to 128 rows with 640 columns that lie together, and with another 640, a tenth
faster than with 1,280 at once.
"""

import torch
from torch import Tensor

#: Of so many rows at a time products are the fastest.
ROWS = 128
_MOST_COLUMNS, _FEWEST_COLUMNS = 640, 256


def parts(outputs: int) -> int:
    """The least number of equal parts that are not too large; 1 where they would be too small."""
    numbers = range(-(-outputs // _MOST_COLUMNS), outputs // _FEWEST_COLUMNS + 1)
    return next((each for each in numbers if outputs % each == 0), 1)


def in_parts(weight: Tensor) -> Tensor:
    """Lay (outputs, inputs, ...) as (parts, places of the kernel, inputs, outputs of a part).

    Gives float32, in the last step, so that of float16 half as much is moved before.
    """
    number, inputs = parts(len(weight)), weight.shape[1]
    # Turned as matrices first, and as a stack of them, which PyTorch does on all threads.
    matrices = weight.reshape(number, len(weight) // number, -1).mT.contiguous()
    placed = matrices.view(number, inputs, -1, matrices.shape[2]).transpose(1, 2)
    return placed.to(torch.float32, memory_format=torch.contiguous_format).contiguous()
