"""What operations must be given, asked before anything is made of them."""

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping

from .operation import Block, Operation

#: What Python, NumPy and frameworks raise where operations and their arguments do not fit together.
ILL_FITTING = (ArithmeticError, LookupError, MemoryError, RuntimeError, TypeError, ValueError)


def require_arguments(block: Block, functions: Mapping[str, Callable[..., object]]) -> None:
    """See that the operations of a block are given what their functions cannot do without.

    Raises ValueError with the first operation and argument that are missing.
    """
    for operation in block.operations:
        for name in _needed(operation, functions):
            if not operation.inputs.get(name) and name not in operation.attributes:
                raise ValueError(f"{titled(operation)}: it lacks {name}")


def titled(operation: Operation) -> str:
    """An operation by its type and what it computes, for a message."""
    return title(operation.type, [each.name for each in operation.outputs])


def title(kind: str, made: Iterable[str]) -> str:
    """The same of an operation's type and the names of what it computes.

    >>> title("relu", ["y"])
    'operation relu (y)'
    """
    return f"operation {kind} ({', '.join(made)})"


def _needed(
    operation: Operation, functions: Mapping[str, Callable[..., object]]
) -> tuple[str, ...]:
    if operation.type == "const":
        return ("val",)
    return _required(functions[operation.type]) if operation.type in functions else ()


@functools.cache
def _required(function: Callable[..., object]) -> tuple[str, ...]:
    parameters = inspect.signature(function).parameters.items()
    return tuple(name for name, each in parameters if each.default is inspect.Parameter.empty)
