"""The attention that rewrites make, laid out as OpenVINO computes it without scores in memory.

That takes queries, keys and values of which places come before heads: (batch, places, heads,
width), transposed. Channels go last before heads are split, since convolutions leave them so.
"""

import numpy as np
import openvino
from openvino import opset15 as opset

from .arguments import Output, rank

_RESHAPES = {"Reshape", "Squeeze", "Unsqueeze"}


def fused_attention(
    query: Output,
    key: Output,
    value: Output,
    scale: float,
    *,
    mask: Output | None = None,
    transpose_query: bool = False,
    transpose_key: bool = False,
    transpose_value: bool = False,
    transpose_result: bool = False,
) -> Output:
    """Attend, each of the four laid out as (..., places, width) or the other way round."""
    result = opset.scaled_dot_product_attention(
        _places_first(query) if transpose_query else query,
        _places_first(key) if transpose_key else key,
        _places_first(value) if transpose_value else value,
        mask,
        np.float32(scale),
    ).output(0)
    return _places_last(result) if transpose_result else result


def einsum_attention(query: Output, key: Output, value: Output, scale: float) -> Output:
    """Attend; gives (batch, width, heads, queries)."""
    places_last, channels_first = np.array((0, 2, 3, 1)), np.array((0, 2, 1, 3))
    result = opset.scaled_dot_product_attention(
        opset.transpose(query, places_last),
        opset.transpose(key, channels_first),
        opset.transpose(value, places_last),
        None,
        np.float32(scale),
    )
    return opset.transpose(result, np.array((0, 3, 1, 2))).output(0)


def split_attention(query: Output, key: Output, value: Output, heads: int, scale: float) -> Output:
    """Attend; queries and values are (batch, channels, 1, places), keys have channels last."""
    channels_first = opset.transpose(key, np.array((0, 3, 2, 1))).output(0)
    result = opset.scaled_dot_product_attention(
        _by_head(query, heads),
        _by_head(channels_first, heads),
        _by_head(value, heads),
        None,
        np.float32(scale),
    ).output(0)
    return _merged(result)


def _places_first(x: Output) -> Output:
    """(..., width, places) as (..., places, width)."""
    if not _is_of_heads(x):
        return _turned(x)
    batch, heads, width, places = x.get_shape()
    return _by_head(_before_reshapes(x, (batch, heads * width, 1, places)), heads)


def _places_last(x: Output) -> Output:
    """(..., places, width) as (..., width, places)."""
    if not _is_of_heads(x):
        return _turned(x)
    batch, heads, places, width = x.get_shape()
    return _reshaped(_merged(x), (batch, heads, width, places))


def _is_of_heads(x: Output) -> bool:
    return x.get_partial_shape().is_static and rank(x) == 4


def _before_reshapes(x: Output, shape: tuple[int, ...]) -> Output:
    """What x was made of by reshapes alone, where it has that shape; otherwise x reshaped."""
    source = x
    while source.get_node().get_type_name() in _RESHAPES:
        source = source.get_node().input_value(0)
    is_whole = source.get_partial_shape() == openvino.PartialShape(list(shape))
    return source if is_whole else _reshaped(x, shape)


def _by_head(x: Output, heads: int) -> Output:
    """(batch, channels, 1, places) as (batch, heads, places, width)."""
    batch, channels, _, places = x.get_shape()
    rows = opset.transpose(x, np.array((0, 2, 3, 1))).output(0)
    split = _reshaped(rows, (batch, places, heads, channels // heads))
    return opset.transpose(split, np.array((0, 2, 1, 3))).output(0)


def _merged(x: Output) -> Output:
    """(batch, heads, places, width) as (batch, channels, 1, places), the way back."""
    batch, heads, places, width = x.get_shape()
    rows = opset.transpose(x, np.array((0, 2, 1, 3))).output(0)
    merged = _reshaped(rows, (batch, 1, places, heads * width))
    return opset.transpose(merged, np.array((0, 3, 1, 2))).output(0)


def _reshaped(x: Output, shape: tuple[int, ...]) -> Output:
    return opset.reshape(x, np.array(shape), special_zero=False).output(0)


def _turned(x: Output) -> Output:
    *batch, rows, columns = range(rank(x))
    return opset.transpose(x, np.array([*batch, columns, rows])).output(0)
