"""Programs from MIL text, in either dialect.

Everything here raises ValueError with the line where the text contradicts itself.
"""

from collections.abc import Container

from ..operation import Binding, Block, Operation
from ..program import Function, ModelDescription, Program
from ..value import Value, WeightStorage
from ..value_type import NamedType
from .dialect import NEW, OLD, OPERATION_SETS
from .literal_reader import read_value
from .tokens import Tokens, separated
from .type_reader import read_type, read_type_after

_OPERATION_SETS = {text: name for name, text in OPERATION_SETS.items()}
_VERSIONS = tuple(each.version for each in (OLD, NEW))


def read_program(
    text: str, description: ModelDescription, main: str, storage: WeightStorage
) -> Program:
    """Read a program whose function `main` is the one to run and whose weights `storage` holds.

    The inputs of functions come sorted by name, as text has them.
    """
    reader = _Reader(Tokens(text), storage)
    attributes = reader.opening()
    return Program(
        description=description, functions=reader.functions(), main=main, attributes=attributes
    )


class _Reader:
    """Reads from one text whose weights are in one place."""

    def __init__(self, tokens: Tokens, storage: WeightStorage) -> None:
        self._tokens = tokens
        self._storage = storage

    def opening(self) -> dict[str, Value]:
        self._tokens.expect("program", "(")
        version = self._tokens.take("version")
        if version not in _VERSIONS:
            raise self._tokens.failure(f"MIL text of version {version} is not known")
        self._tokens.expect(")")
        return self._attributes()

    def functions(self) -> dict[str, Function]:
        found: dict[str, Function] = {}
        self._tokens.expect("{")
        while not self._tokens.skips("}"):
            self._tokens.expect("func")
            name = self._tokens.take("name")
            if name in found:
                raise self._tokens.failure(f"there are two functions {name!r}")
            found[name] = self._function()
        self._tokens.take("end")
        return found

    def _function(self) -> Function:
        self._tokens.expect("<")
        opset = self._tokens.take("name")
        if opset not in _OPERATION_SETS:
            raise self._tokens.failure(f"the operation set {opset!r} is not known")
        self._tokens.expect(">", "(")
        inputs = tuple(self._declared() for _ in separated(self._tokens, ")"))
        attributes = self._attributes()
        return Function(
            opset=_OPERATION_SETS[opset],
            inputs=inputs,
            specializations={_OPERATION_SETS[opset]: self._block()},
            attributes=attributes,
        )

    def _block(self) -> Block:
        operations = []
        self._tokens.expect("{")
        while not self._tokens.skips("}"):
            operations.append(self._operation())
        self._tokens.expect("->", "(")
        outputs = tuple(self._tokens.take("name") for _ in separated(self._tokens, ")"))
        self._tokens.expect(";")
        return Block(operations=tuple(operations), outputs=outputs)

    def _operation(self) -> Operation:
        head = self._tokens.take("name")
        outputs: list[NamedType] = []
        if not self._tokens.sees("("):
            declared = read_type_after(head, self._tokens)
            outputs.append(NamedType(self._tokens.take("name"), declared))
            while self._tokens.skips(","):
                outputs.append(self._declared())
            self._tokens.expect("=")
            head = self._tokens.take("name")
        self._tokens.expect("(")
        inputs: dict[str, tuple[Binding, ...]] = {}
        for _ in separated(self._tokens, ")"):
            name = self._title(inputs)
            inputs[name] = self._bindings()
        attributes = self._attributes()
        self._tokens.expect(";")
        return Operation(type=head, inputs=inputs, outputs=tuple(outputs), attributes=attributes)

    def _bindings(self) -> tuple[Binding, ...]:
        if self._tokens.skips("("):
            return tuple(self._binding() for _ in separated(self._tokens, ")"))
        return (self._binding(),)

    def _binding(self) -> Binding:
        head = self._tokens.take("name")
        if not self._tokens.sees("<", "("):
            return head
        return read_value(self._tokens, read_type_after(head, self._tokens), self._storage)

    def _attributes(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        if self._tokens.skips("["):
            for _ in separated(self._tokens, "]"):
                name = self._title(found)
                found[name] = read_value(self._tokens, read_type(self._tokens), self._storage)
        return found

    def _title(self, taken: Container[str]) -> str:
        """The name of an argument or attribute, and the sign that its value follows."""
        name = self._tokens.take("name")
        if name in taken:
            raise self._tokens.failure(f"{name!r} is given twice")
        self._tokens.expect("=")
        return name

    def _declared(self) -> NamedType:
        declared = read_type(self._tokens)
        return NamedType(self._tokens.take("name"), declared)
