"""Functions with operations replaced by such as only runtimes have."""

from collections.abc import Callable, Iterable

import attrs
import numpy as np
from numpy.typing import ArrayLike

from ..arguments import ILL_FITTING, titled
from ..data_type import DataType
from ..dataflow import Dataflow
from ..operation import Binding, Operation
from ..program import Function
from ..value import TensorValue
from ..value_type import TensorType

#: Gives what stands for an operation, or None where it is no match.
Match = Callable[[Operation, Dataflow], Operation | None]


def with_operations(function: Function, operations: Iterable[Operation]) -> Function:
    """The function with these operations in the body of its operation set."""
    body = attrs.evolve(function.body, operations=tuple(operations))
    bodies = {**function.specializations, function.opset: body}
    return attrs.evolve(function, specializations=bodies)


def with_matches(function: Function, match: Match) -> Function:
    """The function with everything that matches replaced. Raises ValueError with the place."""
    flow = Dataflow(function)

    def matched(operation: Operation) -> Operation:
        try:
            return match(operation, flow) or operation
        except ILL_FITTING as error:
            raise ValueError(f"{titled(operation)}: {error}") from error

    return with_operations(function, map(matched, function.body.operations))


def replacement(replaced: Operation, kind: str, **arguments: Binding | None) -> Operation:
    """An operation of another kind with the same outputs; arguments of None are left out."""
    inputs = {name: (each,) for name, each in arguments.items() if each is not None}
    return Operation(type=kind, inputs=inputs, outputs=replaced.outputs)


def number(value: ArrayLike) -> TensorValue:
    """A value of integers or of floats, which become float32."""
    array = np.asarray(value)
    whole = array.dtype.kind == "i"
    data_type = DataType.INT32 if whole else DataType.FP32
    return TensorValue(TensorType(data_type, array.shape), array.astype(data_type.numpy))
