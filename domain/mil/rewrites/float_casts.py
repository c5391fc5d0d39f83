"""Casts between kinds of floats: nothing happens in them, where all is computed in float32."""

import attrs

from ..dataflow import Dataflow
from ..operation import Binding, Operation
from ..program import Function
from ..value_type import TensorType
from .rewriting import with_operations


def without_float_casts(function: Function) -> Function:
    """Let every operation use what was cast instead of what the cast gives."""
    flow = Dataflow(function)
    sources: dict[str, Binding] = {}
    operations = []
    for operation in function.body.operations:
        renamed = _renamed(operation, sources)
        if renamed.type == "cast" and _stays_float(renamed, flow):
            sources[renamed.outputs[0].name] = renamed.inputs["x"][0]
        operations.append(renamed)
    return with_operations(function, operations)


def _renamed(operation: Operation, sources: dict[str, Binding]) -> Operation:
    if not any(name in sources for name in operation.names_used):
        return operation
    inputs = {
        argument: tuple(
            sources.get(each, each) if isinstance(each, str) else each for each in bindings
        )
        for argument, bindings in operation.inputs.items()
    }
    return attrs.evolve(operation, inputs=inputs)


def _stays_float(cast: Operation, flow: Dataflow) -> bool:
    source = cast.inputs["x"][0]
    before = flow.types.get(source) if isinstance(source, str) else source.type
    after = flow.types.get(cast.outputs[0].name)
    return all(isinstance(each, TensorType) and each.data_type.is_float for each in (before, after))
