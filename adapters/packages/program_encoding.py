"""Programs: from the domain to protobuf messages; every function fills a message of its parent."""

from collections.abc import Mapping
from typing import Any

from ...domain.mil.operation import Binding, Block, Operation
from ...domain.mil.program import Function, Program
from ...domain.mil.value import Value
from .value_encoding import encode_named_type, encode_value


def encode_program(program: Program, message: Any) -> None:
    """Fill a `Program`."""
    message.version = program.version
    for name, function in program.functions.items():
        _encode_function(function, message.functions[name])
    _encode_values(program.attributes, message.attributes)


def _encode_function(function: Function, message: Any) -> None:
    message.opset = function.opset
    for each in function.inputs:
        encode_named_type(each, message.inputs.add())
    for opset, block in function.specializations.items():
        _encode_block(block, message.block_specializations[opset])
    _encode_values(function.attributes, message.attributes)


def _encode_block(block: Block, message: Any) -> None:
    for each in block.inputs:
        encode_named_type(each, message.inputs.add())
    for operation in block.operations:
        _encode_operation(operation, message.operations.add())
    message.outputs.extend(block.outputs)
    _encode_values(block.attributes, message.attributes)


def _encode_operation(operation: Operation, message: Any) -> None:
    message.type = operation.type
    for name, bindings in operation.inputs.items():
        argument = message.inputs[name]
        for each in bindings:
            _encode_binding(each, argument.arguments.add())
    for declared in operation.outputs:
        encode_named_type(declared, message.outputs.add())
    _encode_values(operation.attributes, message.attributes)
    for block in operation.blocks:
        _encode_block(block, message.blocks.add())


def _encode_binding(binding: Binding, message: Any) -> None:
    if isinstance(binding, str):
        message.name = binding
    else:
        encode_value(binding, message.value)


def _encode_values(values: Mapping[str, Value], messages: Any) -> None:
    for name, value in values.items():
        encode_value(value, messages[name])
