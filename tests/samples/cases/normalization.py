"""Cases of the normalisations, by their formulas."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Array, Case, known, widened
from samples.cases.drawing import (
    FLOATS,
    number,
    numbers,
    one_of,
    optional,
    some_axes,
    some_shape,
    whole,
)


@st.composite
def _batch_norm(draw: st.DrawFn) -> Case:
    dtype, shape = one_of(draw, FLOATS), some_shape(draw, 3, 5)
    x = numbers(draw, shape, dtype)
    mean, variance = (numbers(draw, shape[1:2], dtype, *ends) for ends in ((-2, 2), (0.1, 2)))
    options = _affine(draw, dtype, shape[1]) | optional(
        draw, epsilon=number(draw, dtype, 0.001, 0.1)
    )
    centred = widened(x) - _along(mean, x, 1)
    scaled = centred / np.sqrt(_along(variance, x, 1) + widened(options.get("epsilon", 1e-5)))
    given = {"x": x, "mean": mean, "variance": variance} | options
    return known(given, _spread(scaled, options, 1))


@st.composite
def _instance_norm(draw: st.DrawFn) -> Case:
    dtype, shape = one_of(draw, FLOATS), (*some_shape(draw, 2, 2), *some_shape(draw, 1, 2))
    shape = one_of(draw, (shape, (*shape[:2], *(1,) * (len(shape) - 2))))
    x = numbers(draw, shape, dtype)
    options = _affine(draw, dtype, shape[1]) | optional(
        draw, epsilon=number(draw, dtype, 0.001, 0.1)
    )
    axes = tuple(range(2, x.ndim))
    scaled = _normalised(widened(x), axes, widened(options.get("epsilon", 1e-5)))
    return known({"x": x} | options, _spread(scaled, options, 1))


@st.composite
def _l2_norm(draw: st.DrawFn) -> Case:
    dtype = one_of(draw, FLOATS)
    x = numbers(draw, some_shape(draw, 3, 5), dtype)
    epsilon = optional(draw, epsilon=number(draw, dtype, 0.001, 0.1))
    squares = np.square(widened(x)).sum((-3, -2, -1), keepdims=True)
    return known(
        {"x": x} | epsilon, widened(x) / np.sqrt(squares + widened(epsilon.get("epsilon", 1e-6)))
    )


@st.composite
def _layer_norm(draw: st.DrawFn) -> Case:
    dtype, shape = one_of(draw, FLOATS), some_shape(draw, 2, 4)
    x = numbers(draw, shape, dtype)
    axes = sorted(some_axes(draw, x.ndim), key=lambda axis: axis % x.ndim)
    kept = [
        size if axis in {each % x.ndim for each in axes} else 1 for axis, size in enumerate(shape)
    ]
    sizes = [shape[axis] for axis in axes]
    options = optional(
        draw,
        gamma=numbers(draw, sizes, dtype),
        beta=numbers(draw, sizes, dtype),
        epsilon=number(draw, dtype, 0.001, 0.1),
    )
    result = _normalised(widened(x), tuple(axes), widened(options.get("epsilon", 1e-5)))
    result = result * widened(options["gamma"]).reshape(kept) if "gamma" in options else result
    result = result + widened(options["beta"]).reshape(kept) if "beta" in options else result
    return known({"x": x, "axes": axes} | options, result)


@st.composite
def _local_response_norm(draw: st.DrawFn) -> Case:
    dtype, shape = one_of(draw, FLOATS), some_shape(draw, 3, 4)
    x, size = numbers(draw, shape, dtype), whole(draw, 1, 5)
    options = optional(
        draw,
        alpha=number(draw, dtype, 0.1, 1),
        beta=number(draw, dtype, 0.5, 1),
        k=number(draw, dtype, 1, 2),
    )
    before = size // 2
    sides = [(0, 0)] * x.ndim
    sides[1] = (before, size - 1 - before)
    squares = np.pad(np.square(widened(x)), sides)
    windows = sum(squares[:, start : start + shape[1]] for start in range(size))
    alpha, beta, k = (
        float(options.get(*each)) for each in (("alpha", 1e-4), ("beta", 0.75), ("k", 1.0))
    )
    return known(
        {"x": x, "size": size} | options, widened(x) / (k + alpha / size * windows) ** beta
    )


def _affine(draw: st.DrawFn, dtype: Any, channels: int) -> dict[str, Array]:
    """Both or one of the factor and the summand of each channel, or none."""
    return optional(
        draw, gamma=numbers(draw, (channels,), dtype), beta=numbers(draw, (channels,), dtype)
    )


def _normalised(x: Array, axes: tuple[int, ...], epsilon: float) -> Array:
    centred = x - x.mean(axes, keepdims=True)
    return np.asarray(centred / np.sqrt(np.square(centred).mean(axes, keepdims=True) + epsilon))


def _along(parameter: Array, x: Array, axis: int) -> Array:
    return np.asarray(
        widened(parameter).reshape([-1 if each == axis else 1 for each in range(x.ndim)])
    )


def _spread(x: Array, options: dict[str, Array], axis: int) -> Array:
    scaled = x * _along(options["gamma"], x, axis) if "gamma" in options else x
    return scaled + _along(options["beta"], x, axis) if "beta" in options else scaled


CASES: dict[str, st.SearchStrategy[Case]] = {
    "batch_norm": _batch_norm(),
    "instance_norm": _instance_norm(),
    "l2_norm": _l2_norm(),
    "layer_norm": _layer_norm(),
    "local_response_norm": _local_response_norm(),
}
