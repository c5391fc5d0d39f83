"""Weights stored small, as the weights that they are: for runtimes that compute with those only."""

import functools
import inspect
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from ..arguments import ILL_FITTING, require_arguments, titled
from ..computed_weight import computed_weight
from ..decompression import DECOMPRESSIONS
from ..operation import Binding, Operation
from ..program import Function
from ..value import Constant, StoredWeight, TensorValue, Value
from ..value_type import TensorType
from .rewriting import with_operations

_CONSTANT, _LABEL = "const", "name"


def with_dense_weights(function: Function) -> Function:
    """Replace every operation that decompresses by constants, which are computed when read.

    Those with arguments that nobody knows stay. Raises ValueError where one is missing, or several
    stand for one.
    """
    require_arguments(function.body, DECOMPRESSIONS)
    constants: dict[str, Value] = {}
    operations: list[Operation] = []
    for operation in function.body.operations:
        try:
            replaced = list(_dense(operation, constants)) or [operation]
            for each in replaced:
                if each.type == _CONSTANT:
                    constants[each.outputs[0].name] = each.attributes["val"]
        except ILL_FITTING as error:
            raise ValueError(f"{titled(operation)}: {error}") from error
        operations.extend(replaced)
    return with_operations(function, operations)


def _dense(operation: Operation, constants: Mapping[str, Value]) -> Iterator[Operation]:
    """The constants that an operation gives, nothing where it does not decompress."""
    decompress = DECOMPRESSIONS.get(operation.type)
    arguments = {**operation.inputs, **{n: (v,) for n, v in operation.attributes.items()}}
    arguments.pop(_LABEL, None)
    if decompress is None or arguments.keys() - inspect.signature(decompress).parameters.keys():
        return
    given = {name: _constant(each, constants) for name, (each,) in arguments.items()}
    for index, made in enumerate(operation.outputs):
        if isinstance(made.type, TensorType):
            compute = functools.partial(_decompressed, operation, given, index, made.type)
            weight = computed_weight(made.type, compute)
            yield Operation(type=_CONSTANT, inputs={}, outputs=(made,), attributes={"val": weight})


def _decompressed(
    operation: Operation, given: Mapping[str, Constant], index: int, declared: TensorType
) -> NDArray[np.generic]:
    arrays = {name: each.array() for name, each in given.items()}
    try:
        results = DECOMPRESSIONS[operation.type](**arrays)
    except ILL_FITTING as error:
        raise ValueError(f"{titled(operation)}: {error}") from error
    result = results[index] if isinstance(results, tuple) else results
    if declared.shape and result.shape != declared.shape:
        found = f"it gives {result.shape} where {declared.shape} is declared"
        raise ValueError(f"{titled(operation)}: {found}")
    return result.astype(declared.data_type.numpy)


def _constant(binding: Binding, constants: Mapping[str, Value]) -> Constant:
    value = constants.get(binding) if isinstance(binding, str) else binding
    if not isinstance(value, TensorValue | StoredWeight):
        raise ValueError(f"{binding} is needed as a constant")  # noqa: TRY004 - the program's
    return value
