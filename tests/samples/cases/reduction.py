"""Cases of the operations that fold axes."""

from hypothesis import strategies as st
from samples.cases.case import Case
from samples.cases.drawing import (
    FLOATS,
    NUMBERS,
    numbers,
    one_of,
    optional,
    some_axes,
    some_axis,
    some_shape,
    truth,
)

_WHOLE = "reduce_l1_norm reduce_max reduce_min reduce_prod reduce_sum reduce_sum_square"
_REAL = "reduce_l2_norm reduce_log_sum_exp reduce_mean"


@st.composite
def _fold(draw: st.DrawFn, types: tuple[type, ...], low: float = -2) -> Case:
    shape = some_shape(draw, 1, 4, 4)
    x = numbers(draw, shape, one_of(draw, types), low, 2)
    options = optional(draw, axes=some_axes(draw, len(shape)), keep_dims=truth(draw))
    return Case({"x": x} | options)


@st.composite
def _place(draw: st.DrawFn) -> Case:
    shape = some_shape(draw)
    x = numbers(draw, shape, one_of(draw, NUMBERS))
    axis = some_axis(draw, len(shape))
    dtype = one_of(draw, ("int32", "uint16"))
    options = optional(draw, axis=axis, keep_dims=truth(draw), output_dtype=dtype)
    return Case({"x": x} | options)


CASES: dict[str, st.SearchStrategy[Case]] = {
    "reduce_argmax": _place(),
    "reduce_argmin": _place(),
    "reduce_log_sum": _fold(FLOATS, 0.1),
    **{name: _fold(NUMBERS) for name in _WHOLE.split()},
    **{name: _fold(FLOATS) for name in _REAL.split()},
}
