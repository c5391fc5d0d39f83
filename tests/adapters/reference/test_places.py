"""Elements taken and put by their place, beside NumPy."""

from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.errors import PredictionError
from hypothesis import given
from hypothesis import strategies as st
from samples.one_operation import assert_agrees

X = torch.randn(2, 4, 6, 7, generator=torch.Generator().manual_seed(0))


@st.composite
def _slices(draw: st.DrawFn, size: int) -> slice:
    """Any slice that MIL can say: bounds or none, steps either way."""
    bound = st.none() | st.integers(-size, size - 1)
    step = draw(st.integers(-3, 3).filter(bool))
    return slice(draw(bound), draw(bound), step)


@given(rows=_slices(6), columns=_slices(7))
def test_a_slice_takes_what_python_takes(rows: slice, columns: slice) -> None:
    cuts = (slice(None), slice(None), rows, columns)
    arguments: dict[str, Any] = {
        "begin": [cut.start or 0 for cut in cuts],
        "end": [cut.stop or 0 for cut in cuts],
        "stride": [cut.step or 1 for cut in cuts],
        "begin_mask": [cut.start is None for cut in cuts],
        "end_mask": [cut.stop is None for cut in cuts],
    }

    assert_agrees("slice_by_index", {"x": X} | arguments, torch.from_numpy(X.numpy()[cuts].copy()))


def test_a_squeezed_axis_takes_one_index_and_goes() -> None:
    arguments = {
        "begin": [1, 0, -1, 0],
        "end": [0, 0, 0, 0],
        "end_mask": [False, True, False, True],
        "squeeze_mask": [True, False, True, False],
    }

    assert_agrees("slice_by_index", {"x": X} | arguments, X[1, :, -1])


def test_an_updated_slice_is_replaced_and_the_rest_stays() -> None:
    expected = X.clone()
    expected[:, 1:3, ::2] = 9
    arguments = {
        "update": torch.full((2, 2, 3, 7), 9.0),
        "begin": [0, 1, 0, 0],
        "end": [2, 3, 6, 7],
        "stride": [1, 1, 2, 1],
    }

    assert_agrees("slice_update", {"x": X} | arguments, expected)


def test_gather_nd_takes_what_numpy_takes() -> None:
    assert_agrees(
        "gather_nd", {"x": X, "indices": torch.tensor([[0, 3], [1, -2]])}, X[[0, 1], [3, -2]]
    )
    assert_agrees(
        "gather_nd",
        {"x": X, "indices": torch.tensor([[[3, 1]], [[0, 2]]]), "batch_dims": 1},
        torch.stack([X[0, 3, 1], X[1, 0, 2]])[:, None],
    )


@pytest.mark.parametrize(
    ("mode", "at"),
    [
        ("add", np.add),
        ("sub", np.subtract),
        ("mul", np.multiply),
        ("min", np.minimum),
        ("max", np.maximum),
    ],
)
def test_scatters_combine_as_numpy_does(mode: str, at: Any) -> None:
    updates = torch.randn(3, 4, 6, 7)
    expected = X.numpy().copy()
    at.at(expected, [1, 0, 1], updates.numpy())
    rows = torch.tensor([1, 0, 1])

    data = {"data": X, "updates": updates, "mode": mode}
    assert_agrees("scatter", data | {"indices": rows, "axis": 0}, torch.from_numpy(expected))
    assert_agrees("scatter_nd", data | {"indices": rows[:, None]}, torch.from_numpy(expected))


def test_scatter_updates_along_an_inner_axis() -> None:
    expected = X.clone()
    expected[:, [3, 1]] = -X[:, :2]
    arguments = {"indices": torch.tensor([3, 1]), "axis": 1, "mode": "update"}

    assert_agrees("scatter", {"data": X, "updates": -X[:, :2]} | arguments, expected)


@pytest.mark.parametrize("name", ["gather", "gather_along_axis"])
def test_an_index_beyond_the_end_stops_the_prediction(name: str) -> None:
    indices = torch.full((2, 4, 6, 1), 7) if name == "gather_along_axis" else torch.tensor([7])

    with pytest.raises(PredictionError, match="out of"):
        assert_agrees(name, {"x": X, "indices": indices, "axis": 3}, X)
