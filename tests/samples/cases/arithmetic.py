"""Cases of the operations on pairs of elements."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Case
from samples.cases.drawing import (
    FLOATS,
    NUMBERS,
    broadcast_pair,
    numbers,
    one_of,
    some_shape,
    truth,
    truths,
)

_ORDERED = "equal greater greater_equal less less_equal maximum minimum not_equal"
_DIVIDING = "floor_div mod real_div"


@st.composite
def _pair(draw: st.DrawFn, low: float = -3, *, divisor: bool = False) -> Case:
    """Numbers of either sign; divisors are not zero, and seldom near it."""
    dtype = one_of(draw, NUMBERS)
    one, other = broadcast_pair(draw)
    y = numbers(draw, other, dtype, low, 3)
    if divisor:
        y = np.where(np.abs(y) < 0.25, y.dtype.type(1), y)
    return Case({"x": numbers(draw, one, dtype, low, 3), "y": y})


@st.composite
def _power(draw: st.DrawFn) -> Case:
    dtype: Any = one_of(draw, FLOATS)
    one, other = broadcast_pair(draw)
    return Case({"x": numbers(draw, one, dtype, 0.25, 2), "y": numbers(draw, other, dtype)})


@st.composite
def _logic(draw: st.DrawFn) -> Case:
    one, other = broadcast_pair(draw)
    return Case({"x": truths(draw, one), "y": truths(draw, other)})


@st.composite
def _select(draw: st.DrawFn) -> Case:
    dtype, shape = one_of(draw, NUMBERS), some_shape(draw)
    chosen = shape if truth(draw) else tuple(1 for _ in shape)
    a, b = (numbers(draw, shape, dtype) for _ in range(2))
    return Case({"cond": truths(draw, chosen), "a": a, "b": b})


CASES: dict[str, st.SearchStrategy[Case]] = {
    "pow": _power(),
    "select": _select(),
    **{name: _pair() for name in f"add mul sub {_ORDERED}".split()},
    **{name: _pair(divisor=True) for name in _DIVIDING.split()},
    **{name: _logic() for name in ("logical_and", "logical_or", "logical_xor")},
}
