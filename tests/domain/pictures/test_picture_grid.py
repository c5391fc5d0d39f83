"""Several pictures as one."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.pictures.picture_grid import picture_grid
from numpy.typing import NDArray


def plain(value: int) -> NDArray[np.uint8]:
    return np.full((2, 3, 3), value, dtype=np.uint8)


@pytest.mark.parametrize(
    ("count", "rows"),
    [
        (1, [[0]]),
        (2, [[0, 1]]),
        (3, [[0, 1], [2, 255]]),
        (4, [[0, 1], [2, 3]]),
        (5, [[0, 1, 2], [3, 4, 255]]),
        (7, [[0, 1, 2], [3, 4, 5], [6, 255, 255]]),
    ],
)
def test_pictures_stand_row_by_row(count: int, rows: list[list[int]]) -> None:
    grid = picture_grid([plain(value) for value in range(count)])

    assert grid.dtype == np.uint8
    expected = np.vstack([np.hstack([plain(value) for value in row]) for row in rows])
    assert np.array_equal(grid, expected)
