"""Programs as MIL text.

Nothing is optimised or reordered but what text always sorts: functions, inputs, arguments and
attributes, by name. Everything here raises ValueError where the spelling is not known.
"""

import re
from collections.abc import Iterator, Mapping

from ..operation import Binding, Block, Operation
from ..program import Function, Program
from ..value import Value
from ..value_type import NamedType
from .dialect import FLEXIBLE_SHAPES, OPERATION_SETS, Dialect, dialect_of
from .literal_writer import type_text, value_text

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def program_text(program: Program) -> Iterator[str]:
    """Spell a program line by line; joined, the lines are the whole of `model.mil`.

    Of each function only the body of its own operation set is spelled.
    """
    dialect = dialect_of(program.description.specification_version)
    if program.version != 1:
        raise ValueError(f"the MIL text of program version {program.version} is not known")
    yield f"program({dialect.version})\n"
    if program.attributes:
        yield f"{_attributes(program.attributes, dialect)}\n"
    yield "{\n"
    for name, function in sorted(program.functions.items()):
        yield from _function(name, function, dialect)
    yield "}"


def _function(name: str, function: Function, dialect: Dialect) -> Iterator[str]:
    if function.opset not in OPERATION_SETS:
        raise ValueError(f"the MIL text of the operation set {function.opset!r} is not known")
    inputs = ", ".join(
        _declared(each, dialect) for each in sorted(function.inputs, key=lambda known: known.name)
    )
    opening = f"    func {_name(name)}<{OPERATION_SETS[function.opset]}>({inputs})"
    attributes = _attributes(function.attributes, dialect)
    yield f"{opening} {attributes} {{\n" if attributes else f"{opening} {{\n"
    yield from _block(function.body, dialect)
    yield f"        }} -> ({', '.join(map(_name, function.body.outputs))});\n"


def _block(block: Block, dialect: Dialect) -> Iterator[str]:
    if block.inputs or block.attributes:
        raise ValueError("the MIL text of a block with inputs or attributes is not known")
    for operation in block.operations:
        try:
            yield f"            {_operation(operation, dialect)};\n"
        except ValueError as error:
            made = ", ".join(each.name for each in operation.outputs)
            raise ValueError(f"operation {operation.type} ({made}): {error}") from error


def _operation(operation: Operation, dialect: Dialect) -> str:
    if operation.blocks:
        raise ValueError("the MIL text of nested blocks is not known")
    made = ", ".join(_declared(each, dialect) for each in operation.outputs)
    arguments = ", ".join(
        f"{_name(name)} = {_argument(bound, dialect)}"
        for name, bound in sorted(operation.inputs.items())
    )
    call = f"{_name(operation.type)}({arguments}){_attributes(operation.attributes, dialect)}"
    return f"{made} = {call}" if made else call


def _argument(bindings: tuple[Binding, ...], dialect: Dialect) -> str:
    if not bindings:
        raise ValueError("the MIL text of an argument without a value is not known")
    spelled = [
        _name(each) if isinstance(each, str) else value_text(each, dialect) for each in bindings
    ]
    return spelled[0] if len(spelled) == 1 else f"({', '.join(spelled)})"


def _attributes(attributes: Mapping[str, Value], dialect: Dialect) -> str:
    if not attributes:
        return ""
    spelled = (
        f"{_name(name)} = {value_text(value, dialect, _list_brackets(name))}"
        for name, value in sorted(attributes.items())
    )
    return f"[{', '.join(spelled)}]"


def _list_brackets(attribute: str) -> str:
    return "[]" if attribute == FLEXIBLE_SHAPES else "()"


def _declared(declared: NamedType, dialect: Dialect) -> str:
    return f"{type_text(declared.type, dialect)} {_name(declared.name)}"


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"MIL text cannot hold the name {name!r}")
    return name
