"""Operations whose results, or whose arguments, have other names."""

from collections.abc import Mapping

import attrs

from .operation import Binding, Block, Operation
from .value_type import NamedType


def renamed(operation: Operation, names: Mapping[str, str]) -> Operation:
    """The operation with every name that stands in `names` replaced, in its blocks too."""
    inputs = {
        argument: tuple(_bound(each, names) for each in bindings)
        for argument, bindings in operation.inputs.items()
    }
    return attrs.evolve(
        operation,
        inputs=inputs,
        outputs=tuple(_declared(each, names) for each in operation.outputs),
        blocks=tuple(_block(each, names) for each in operation.blocks),
    )


def _bound(binding: Binding, names: Mapping[str, str]) -> Binding:
    return names.get(binding, binding) if isinstance(binding, str) else binding


def _declared(named: NamedType, names: Mapping[str, str]) -> NamedType:
    return attrs.evolve(named, name=names.get(named.name, named.name))


def _block(block: Block, names: Mapping[str, str]) -> Block:
    return attrs.evolve(
        block,
        operations=tuple(renamed(each, names) for each in block.operations),
        outputs=tuple(names.get(each, each) for each in block.outputs),
    )
