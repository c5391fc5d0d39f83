"""Operations on pairs of elements, broadcast as in NumPy."""

from collections.abc import Callable

import torch
from torch import Tensor


def real_div(x: Tensor, y: Tensor) -> Tensor:
    """Divide; the quotient of integers is cut to an integer."""
    whole = not (x.is_floating_point() or y.is_floating_point())
    return torch.div(x, y, rounding_mode="trunc" if whole else None)


def select(cond: Tensor, a: Tensor, b: Tensor) -> Tensor:
    """Take a where the condition holds, else b."""
    return torch.where(cond.bool(), a, b)


def _binary(function: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    def apply(x: Tensor, y: Tensor) -> Tensor:
        return function(x, y)

    return apply


_FUNCTIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "add": torch.add,
    "equal": torch.eq,
    "floor_div": torch.floor_divide,
    "greater": torch.gt,
    "greater_equal": torch.ge,
    "less": torch.lt,
    "less_equal": torch.le,
    "logical_and": torch.logical_and,
    "logical_or": torch.logical_or,
    "logical_xor": torch.logical_xor,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "mod": torch.remainder,
    "mul": torch.mul,
    "not_equal": torch.ne,
    "pow": torch.pow,
    "sub": torch.sub,
}
OPERATIONS: dict[str, Callable[..., Tensor]] = {
    "real_div": real_div,
    "select": select,
    **{name: _binary(function) for name, function in _FUNCTIONS.items()},
}
