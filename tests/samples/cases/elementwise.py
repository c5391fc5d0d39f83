"""Cases of the operations on each element by itself."""

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Case
from samples.cases.drawing import FLOATS, NUMBERS, number, numbers, one_of, optional, some_shape
from samples.cases.drawing import truths as drawn_truths

#: Where an operation is defined and float16 can hold the result.
_DOMAINS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("atan", "ceil", "cos", "cosh", "erf", "exp", "exp2", "floor"), (-4, 4)),
    **dict.fromkeys(("round", "sin", "sinh", "tanh"), (-4, 4)),
    **dict.fromkeys(("acos", "asin", "atanh"), (-0.9, 0.9)),
    "sqrt": (0, 4),
    "tan": (-1.2, 1.2),
}
_SOURCES = (np.float32, np.float16, np.int32, np.bool_)
_TARGETS = ("fp32", "fp16", "int32", "int16", "uint16", "int8", "uint8", "bool")


@st.composite
def _real(draw: st.DrawFn, ends: tuple[float, float]) -> Case:
    return Case({"x": numbers(draw, some_shape(draw), one_of(draw, FLOATS), *ends)})


@st.composite
def _any_number(draw: st.DrawFn) -> Case:
    return Case({"x": numbers(draw, some_shape(draw), one_of(draw, NUMBERS), -3, 3)})


@st.composite
def _cast(draw: st.DrawFn) -> Case:
    target, source = one_of(draw, _TARGETS), one_of(draw, _SOURCES)
    shape = some_shape(draw)
    lowest = 0 if target.startswith("u") else -100
    x = (
        drawn_truths(draw, shape)
        if source is np.bool_
        else numbers(draw, shape, source, lowest, 100)
    )
    return Case({"x": x, "dtype": target})


@st.composite
def _clip(draw: st.DrawFn) -> Case:
    dtype = one_of(draw, FLOATS)
    alpha, beta = number(draw, dtype, -2, 0), number(draw, dtype, 0, 2)
    return Case({"x": numbers(draw, some_shape(draw), dtype, -3, 3), "alpha": alpha, "beta": beta})


@st.composite
def _shifted(draw: st.DrawFn) -> Case:
    dtype = one_of(draw, FLOATS)
    x = numbers(draw, some_shape(draw), dtype, 0.1, 4)
    return Case({"x": x} | optional(draw, epsilon=number(draw, dtype, 0.001, 0.5)))


@st.composite
def _threshold(draw: st.DrawFn) -> Case:
    dtype = one_of(draw, FLOATS)
    return Case({"x": numbers(draw, some_shape(draw), dtype), "alpha": number(draw, dtype)})


@st.composite
def _logical_not(draw: st.DrawFn) -> Case:
    return Case({"x": drawn_truths(draw, some_shape(draw))})


CASES: dict[str, st.SearchStrategy[Case]] = {
    "cast": _cast(),
    "clip": _clip(),
    "logical_not": _logical_not(),
    "threshold": _threshold(),
    **{name: _shifted() for name in ("inverse", "log", "rsqrt")},
    **{name: _any_number() for name in ("abs", "identity", "sign", "square")},
    **{name: _real(ends) for name, ends in _DOMAINS.items()},
}
