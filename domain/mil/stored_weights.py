"""The stored weights of a program: all of them in order, and the program with others in place."""

from collections.abc import Callable, Iterator

import attrs

from .operation import Binding, Block, Operation
from .program import Function, Program
from .value import StoredWeight, Value


def stored_weights(program: Program) -> Iterator[StoredWeight]:
    """Every stored weight of every body, in the order of operations, repeated where used twice."""
    for function in program.functions.values():
        for block in function.specializations.values():
            for operation in all_operations(block):
                yield from (weight for _, weight in weights_of(operation))


def all_operations(block: Block) -> Iterator[Operation]:
    """The operations of a block in order, each followed by those of its own blocks."""
    for operation in block.operations:
        yield operation
        for inner in operation.blocks:
            yield from all_operations(inner)


def weights_of(operation: Operation) -> Iterator[tuple[str, StoredWeight]]:
    """The stored weights that an operation spells out, by the argument or attribute they are."""
    for name, bindings in operation.inputs.items():
        yield from ((name, each) for each in bindings if isinstance(each, StoredWeight))
    for name, value in operation.attributes.items():
        if isinstance(value, StoredWeight):
            yield name, value


def with_weights(program: Program, change: Callable[[StoredWeight], Value]) -> Program:
    """The program with every stored weight replaced by what `change` makes of it."""
    replacement = _Replacement(change)
    functions = {name: replacement.function(each) for name, each in program.functions.items()}
    return attrs.evolve(program, functions=functions)


@attrs.frozen
class _Replacement:
    change: Callable[[StoredWeight], Value]

    def function(self, function: Function) -> Function:
        specializations = {
            opset: self._block(block) for opset, block in function.specializations.items()
        }
        return attrs.evolve(function, specializations=specializations)

    def _block(self, block: Block) -> Block:
        operations = tuple(self._operation(each) for each in block.operations)
        return attrs.evolve(block, operations=operations)

    def _operation(self, operation: Operation) -> Operation:
        inputs = {
            name: tuple(self._changed(each) for each in bindings)
            for name, bindings in operation.inputs.items()
        }
        attributes = {
            name: self.change(value) if isinstance(value, StoredWeight) else value
            for name, value in operation.attributes.items()
        }
        blocks = tuple(self._block(each) for each in operation.blocks)
        return attrs.evolve(operation, inputs=inputs, attributes=attributes, blocks=blocks)

    def _changed(self, binding: Binding) -> Binding:
        return self.change(binding) if isinstance(binding, StoredWeight) else binding
