"""Which arrays fit an input."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.tensor import (
    Flexibility,
    ListedShapes,
    SizeRanges,
    TensorSpec,
)

RANGES = SizeRanges(((1, 1), (2, 8), (3, None)))
LISTED = ListedShapes(((1, 2), (1, 4)))


@pytest.mark.parametrize(("flexibility", "shape", "fits"), [
    (RANGES, (1, 2, 3), True),
    (RANGES, (1, 8, 300), True),
    (RANGES, (1, 9, 3), False),
    (RANGES, (1, 1, 3), False),
    (RANGES, (1, 2, 2), False),
    (RANGES, (1, 2), False),
    (LISTED, (1, 4), True),
    (LISTED, (1, 3), False),
    (None, (1, 2), False),
    (None, (9, 9), True),
])  # fmt: skip
def test_an_array_fits_where_its_shape_is_admitted(
    flexibility: Flexibility | None, shape: tuple[int, ...], *, fits: bool
) -> None:
    spec = TensorSpec(name="x", shape=(9, 9), dtype="float32", flexibility=flexibility)

    assert (spec.mismatch(np.zeros(shape, np.float32)) is None) == fits


def test_the_shapes_that_would_fit_are_told() -> None:
    spec = TensorSpec(name="x", shape=(1, 2, 3), dtype="float32", flexibility=RANGES)

    problem = spec.mismatch(np.zeros((1, 1), np.float32))
    assert problem == "input x has shape (1, 1) where (1, 2 to 8, from 3) is needed"
