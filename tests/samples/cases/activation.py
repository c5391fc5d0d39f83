"""Cases of the activation functions."""

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Case, known, widened
from samples.cases.drawing import FLOATS, number, numbers, one_of, optional, some_axis, some_shape

#: The numbers that an operation takes beside x, each from its smallest to its largest.
_SETTINGS: dict[str, dict[str, tuple[float, float]]] = {
    "clamped_relu": {"alpha": (-1, 1), "beta": (0, 1)},
    "elu": {"alpha": (0.1, 2)},
    "leaky_relu": {"alpha": (0.01, 1)},
    "linear_activation": {"alpha": (-2, 2), "beta": (-2, 2)},
    "relu": {},
    "relu6": {},
    "scaled_tanh": {"alpha": (0.1, 2), "beta": (0.1, 2)},
    "sigmoid": {},
    "sigmoid_hard": {"alpha": (0.1, 1), "beta": (-1, 1)},
    "softplus": {},
    "softsign": {},
    "thresholded_relu": {"alpha": (-1, 1)},
}
_GELU = ["EXACT", "TANH_APPROXIMATION", "SIGMOID_APPROXIMATION"]


@st.composite
def _with_settings(draw: st.DrawFn, settings: dict[str, tuple[float, float]]) -> Case:
    dtype = one_of(draw, FLOATS)
    x = numbers(draw, some_shape(draw), dtype, -8, 8)
    return Case({"x": x} | {name: number(draw, dtype, *ends) for name, ends in settings.items()})


@st.composite
def _gelu(draw: st.DrawFn) -> Case:
    x = numbers(draw, some_shape(draw), one_of(draw, FLOATS), -4, 4)
    return Case({"x": x} | optional(draw, mode=one_of(draw, _GELU)))


@st.composite
def _silu(draw: st.DrawFn) -> Case:
    x = numbers(draw, some_shape(draw), one_of(draw, FLOATS), -8, 8)
    return known({"x": x}, widened(x) / (1 + np.exp(-widened(x))))


@st.composite
def _prelu(draw: st.DrawFn) -> Case:
    dtype, shape = one_of(draw, FLOATS), some_shape(draw, 3, 5)
    alpha = numbers(draw, shape[1:2], dtype)
    if len(shape) != 4:  # where coremltools wants them equal
        alpha = np.full_like(alpha, number(draw, dtype))
    return Case({"x": numbers(draw, shape, dtype), "alpha": alpha})


@st.composite
def _softplus_parametric(draw: st.DrawFn) -> Case:
    dtype, shape = one_of(draw, FLOATS), some_shape(draw, 3, 5)
    alpha, beta = (numbers(draw, shape[1:2], dtype, *ends) for ends in ((-2, 2), (0.1, 2)))
    return Case({"x": numbers(draw, shape, dtype), "alpha": alpha, "beta": beta})


@st.composite
def _softmax(draw: st.DrawFn) -> Case:
    shape = some_shape(draw)
    x = numbers(draw, shape, one_of(draw, FLOATS), -4, 4)
    return Case({"x": x} | optional(draw, axis=some_axis(draw, len(shape))))


CASES: dict[str, st.SearchStrategy[Case]] = {
    "gelu": _gelu(),
    "prelu": _prelu(),
    "silu": _silu(),
    "softmax": _softmax(),
    "softplus_parametric": _softplus_parametric(),
    **{name: _with_settings(settings) for name, settings in _SETTINGS.items()},
}
