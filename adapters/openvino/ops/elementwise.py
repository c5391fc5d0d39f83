"""Operations on each element by itself."""

from collections.abc import Callable

import numpy as np
from openvino import opset15 as opset

from ....domain.mil.data_type import DataType
from ..arrays import computed_type
from .arguments import Output, is_real


def cast(x: Output, dtype: str) -> Output:
    """Change the type; numbers to integers are cut towards zero, to bool compared with zero."""
    target = computed_type(DataType(dtype).numpy)
    if target.kind == "b":
        zero = opset.convert_like(opset.constant(0, np.int32), x)
        return opset.not_equal(x, zero).output(0)
    return opset.convert(x, target).output(0)


def clip(x: Output, alpha: float, beta: float) -> Output:
    """Limit to alpha from below and beta from above."""
    return opset.clamp(x, alpha, beta).output(0)


def identity(x: Output) -> Output:
    """X itself."""
    return x


def inverse(x: Output, epsilon: float = 1e-4) -> Output:
    """1 / (x + epsilon)."""
    return opset.divide(np.float32(1), opset.add(x, np.float32(epsilon))).output(0)


def log(x: Output, epsilon: float = 1e-45) -> Output:
    """ln(x + epsilon)."""
    return opset.log(opset.add(x, np.float32(epsilon))).output(0)


def rsqrt(x: Output, epsilon: float = 1e-12) -> Output:
    """1 / sqrt(x + epsilon)."""
    root = opset.sqrt(opset.add(x, np.float32(epsilon)))
    return opset.divide(np.float32(1), root).output(0)


def threshold(x: Output, alpha: float) -> Output:
    """Limit to alpha from below."""
    return opset.maximum(x, number(alpha, x)).output(0)


def square(x: Output) -> Output:
    """Multiply x by itself."""
    return opset.multiply(x, x).output(0)


def exp2(x: Output) -> Output:
    """Two to the power of x."""
    return opset.power(np.float32(2), x).output(0)


def round_(x: Output) -> Output:
    """Round to the nearest integer, halves to the even one."""
    return opset.round(x, "half_to_even").output(0)


def number(value: float, x: Output) -> Output:
    """A number in the type of x."""
    dtype = np.float32 if is_real(x) else np.int32
    return opset.convert_like(opset.constant(dtype(value)), x).output(0)


def _unary(function: Callable[..., Output]) -> Callable[[Output], Output]:
    def build(x: Output) -> Output:
        return function(x).output(0)

    return build


_FUNCTIONS: dict[str, Callable[..., Output]] = {
    "abs": opset.abs,
    "acos": opset.acos,
    "asin": opset.asin,
    "atan": opset.atan,
    "atanh": opset.atanh,
    "ceil": opset.ceiling,
    "cos": opset.cos,
    "cosh": opset.cosh,
    "erf": opset.erf,
    "exp": opset.exp,
    "floor": opset.floor,
    "logical_not": opset.logical_not,
    "sign": opset.sign,
    "sin": opset.sin,
    "sinh": opset.sinh,
    "sqrt": opset.sqrt,
    "tan": opset.tan,
    "tanh": opset.tanh,
}
OPERATIONS: dict[str, Callable[..., Output]] = {
    "cast": cast,
    "clip": clip,
    "exp2": exp2,
    "identity": identity,
    "inverse": inverse,
    "log": log,
    "round": round_,
    "rsqrt": rsqrt,
    "square": square,
    "threshold": threshold,
    **{name: _unary(function) for name, function in _FUNCTIONS.items()},
}
