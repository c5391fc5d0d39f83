"""Several pictures as one, beside and below each other."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_WHITE = 255


def picture_grid(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Lay out pictures of one size row by row, as nearly square as can be, white where none is.

    >>> picture_grid([np.zeros((2, 3, 3), dtype=np.uint8)] * 5).shape
    (4, 9, 3)
    """
    height, width, colours = pictures[0].shape
    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    grid = np.full((rows, height, columns, width, colours), _WHITE, dtype=np.uint8)
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        grid[row, :, column] = picture
    return grid.reshape(rows * height, columns * width, colours)
