"""Operations on pairs of elements, broadcast as in NumPy."""

from collections.abc import Callable

import numpy as np
from openvino import opset15 as opset

from .arguments import Output, is_real


def real_div(x: Output, y: Output) -> Output:
    """Divide; the quotient of integers is cut to an integer."""
    if is_real(x):
        return opset.divide(x, y).output(0)
    size = opset.divide(opset.abs(x), opset.abs(y))
    return opset.multiply(size, opset.multiply(opset.sign(x), opset.sign(y))).output(0)


def floor_div(x: Output, y: Output) -> Output:
    """Divide and round down."""
    if is_real(x):
        return opset.floor(opset.divide(x, y)).output(0)
    rest = opset.floor_mod(x, y)
    return opset.divide(opset.subtract(x, rest), y).output(0)


def select(cond: Output, a: Output, b: Output) -> Output:
    """Take a where the condition holds, else b."""
    return opset.select(opset.convert(cond, np.bool_), a, b).output(0)


def _binary(function: Callable[..., Output]) -> Callable[[Output, Output], Output]:
    def build(x: Output, y: Output) -> Output:
        return function(x, y).output(0)

    return build


_FUNCTIONS: dict[str, Callable[..., Output]] = {
    "add": opset.add,
    "equal": opset.equal,
    "greater": opset.greater,
    "greater_equal": opset.greater_equal,
    "less": opset.less,
    "less_equal": opset.less_equal,
    "logical_and": opset.logical_and,
    "logical_or": opset.logical_or,
    "logical_xor": opset.logical_xor,
    "maximum": opset.maximum,
    "minimum": opset.minimum,
    "mod": opset.floor_mod,
    "mul": opset.multiply,
    "not_equal": opset.not_equal,
    "pow": opset.power,
    "sub": opset.subtract,
}
OPERATIONS: dict[str, Callable[..., Output]] = {
    "floor_div": floor_div,
    "real_div": real_div,
    "select": select,
    **{name: _binary(function) for name, function in _FUNCTIONS.items()},
}
