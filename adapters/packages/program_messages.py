"""Programs: from protobuf messages to the domain.

Everything here raises ValueError with the reason where a message contradicts itself.
"""

from collections.abc import Mapping
from typing import Any

from ...domain.mil.operation import Binding, Block, Operation
from ...domain.mil.program import Function, ModelDescription, Program
from ...domain.mil.value import Value
from .value_messages import Weights, named_type, value


def program(message: Any, description: ModelDescription, main: str, weights: Weights) -> Program:
    """Read a `Program` whose function `main` is the one to run."""
    functions = {
        name: _function(name, each, weights) for name, each in sorted(message.functions.items())
    }
    return Program(
        description=description,
        functions=functions,
        main=main,
        version=message.version,
        attributes=_values(message.attributes, weights),
    )


def _function(name: str, message: Any, weights: Weights) -> Function:
    if message.opset not in message.block_specializations:
        raise ValueError(f"the function {name!r} has no body for its opset {message.opset!r}")
    return Function(
        opset=message.opset,
        inputs=tuple(named_type(each) for each in message.inputs),
        specializations={
            opset: _block(each, weights)
            for opset, each in sorted(message.block_specializations.items())
        },
        attributes=_values(message.attributes, weights),
    )


def _block(message: Any, weights: Weights) -> Block:
    return Block(
        inputs=tuple(named_type(each) for each in message.inputs),
        operations=tuple(_operation(each, weights) for each in message.operations),
        outputs=tuple(message.outputs),
        attributes=_values(message.attributes, weights),
    )


def _operation(message: Any, weights: Weights) -> Operation:
    try:
        return Operation(
            type=message.type,
            inputs={
                name: tuple(_binding(each, weights) for each in argument.arguments)
                for name, argument in sorted(message.inputs.items())
            },
            outputs=tuple(named_type(each) for each in message.outputs),
            attributes=_values(message.attributes, weights),
            blocks=tuple(_block(each, weights) for each in message.blocks),
        )
    except ValueError as error:
        made = ", ".join(each.name for each in message.outputs)
        raise ValueError(f"operation {message.type} ({made}): {error}") from error


def _binding(message: Any, weights: Weights) -> Binding:
    if message.WhichOneof("binding") == "value":
        return value(message.value, weights)
    return str(message.name)


def _values(messages: Mapping[str, Any], weights: Weights) -> dict[str, Value]:
    """The values by name in its order, since that of messages differs from run to run."""
    return {name: value(each, weights) for name, each in sorted(messages.items())}
