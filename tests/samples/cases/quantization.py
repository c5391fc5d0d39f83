"""Cases of the activations in 8 bits."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Case, known, widened
from samples.cases.drawing import FLOATS, numbers, one_of, some_axis, some_shape, truth


def _settings(
    draw: st.DrawFn, shape: tuple[int, ...], kept: Any, real: Any
) -> tuple[dict[str, Any], Any, Any]:
    """MIL's arguments, and scale and zero point as NumPy broadcasts them."""
    axis = some_axis(draw, len(shape))
    vector = truth(draw)
    sizes = (shape[axis],) if vector else ()
    scale = numbers(draw, sizes, real, 0.125, 1)
    zero = numbers(draw, sizes, kept, np.iinfo(kept).min // 2, np.iinfo(kept).max // 2)
    spread = [1] * len(shape)
    spread[axis] = -1
    given = {"scale": scale} | ({"axis": axis} if vector else {})
    has_zero = truth(draw)
    given |= {"zero_point": zero} if has_zero else {}
    offset = zero.astype(np.float32) * has_zero
    if not vector:
        return given, widened(scale), offset
    return given, widened(scale).reshape(spread), offset.reshape(spread)


@st.composite
def _quantize(draw: st.DrawFn) -> Case:
    kept, real, shape = one_of(draw, (np.int8, np.uint8)), one_of(draw, FLOATS), some_shape(draw)
    x = numbers(draw, shape, real, -100, 100)
    given, scale, offset = _settings(draw, shape, kept, real)
    steps = np.round(widened(x) / scale) + offset
    limits = np.iinfo(kept)
    result = np.clip(steps, limits.min, limits.max).astype(kept)
    return known({"input": x, "output_dtype": np.dtype(kept).name} | given, result)


@st.composite
def _dequantize(draw: st.DrawFn) -> Case:
    kept, shape = one_of(draw, (np.int8, np.uint8)), some_shape(draw)
    limits = np.iinfo(kept)
    x = numbers(draw, shape, kept, limits.min, limits.max)
    given, scale, offset = _settings(draw, shape, kept, one_of(draw, FLOATS))
    return known({"input": x} | given, (x.astype(np.float32) - offset) * scale)


CASES: dict[str, st.SearchStrategy[Case]] = {
    "dequantize": _dequantize(),
    "quantize": _quantize(),
}
