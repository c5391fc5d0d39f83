"""Operations that fold axes; no axes named means all of them."""

from collections.abc import Callable

import numpy as np
from openvino import opset15 as opset

from ....domain.mil.data_type import DataType
from ..arrays import computed_type
from .arguments import Integers, Output, rank


def reduce_argmax(
    x: Output, axis: int = -1, keep_dims: bool = False, output_dtype: str = "int32"
) -> Output:
    """Where along the axis the largest element is, the first of equals."""
    largest = opset.reduce_max(x, np.array([axis]), keep_dims=True)
    return _first_equal(x, largest, axis, output_dtype, keep_dims=keep_dims)


def reduce_argmin(
    x: Output, axis: int = -1, keep_dims: bool = False, output_dtype: str = "int32"
) -> Output:
    """Where along the axis the smallest element is, the first of equals."""
    smallest = opset.reduce_min(x, np.array([axis]), keep_dims=True)
    return _first_equal(x, smallest, axis, output_dtype, keep_dims=keep_dims)


def _first_equal(
    x: Output, wanted: Output, axis: int, output_dtype: str, *, keep_dims: bool
) -> Output:
    """The least index of an element that is the wanted one: OpenVINO's own takes any of equals."""
    axis %= rank(x)
    size = opset.gather(opset.shape_of(x, "i32"), np.array(axis), np.array(0))
    places = opset.range(np.int32(0), size, np.int32(1), "i32")
    spread = opset.reshape(places, np.array([-1, *(1,) * (rank(x) - 1 - axis)]), special_zero=False)
    found = opset.select(opset.equal(x, wanted), spread, size)
    least = opset.reduce_min(found, np.array([axis]), keep_dims=keep_dims)
    return opset.convert(least, computed_type(DataType(output_dtype).numpy)).output(0)


def _reduction(fold: Callable[..., Output]) -> Callable[..., Output]:
    def reduce(x: Output, axes: Integers | None = None, keep_dims: bool = False) -> Output:
        return fold(x, np.array(axes or tuple(range(rank(x)))), keep_dims).output(0)

    return reduce


def _log_sum(x: Output, axes: Integers, keep_dims: bool) -> Output:
    return opset.log(opset.reduce_sum(x, axes, keep_dims))


def _sum_square(x: Output, axes: Integers, keep_dims: bool) -> Output:
    return opset.reduce_sum(opset.multiply(x, x), axes, keep_dims)


_FOLDS: dict[str, Callable[..., Output]] = {
    "reduce_l1_norm": opset.reduce_l1,
    "reduce_l2_norm": opset.reduce_l2,
    "reduce_log_sum": _log_sum,
    "reduce_max": opset.reduce_max,
    "reduce_mean": opset.reduce_mean,
    "reduce_min": opset.reduce_min,
    "reduce_prod": opset.reduce_prod,
    "reduce_sum": opset.reduce_sum,
    "reduce_sum_square": _sum_square,
}
OPERATIONS: dict[str, Callable[..., Output]] = {
    "reduce_argmax": reduce_argmax,
    "reduce_argmin": reduce_argmin,
} | {name: _reduction(fold) for name, fold in _FOLDS.items()}
