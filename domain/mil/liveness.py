"""Which operations of a block bear on what it gives back."""

from collections.abc import Iterable, Sequence

from .operation import Operation


def live(operations: Sequence[Operation], outputs: Iterable[str]) -> tuple[Operation, ...]:
    """The operations that the outputs depend on, in order."""
    wanted = set(outputs)
    found = []
    for operation in reversed(operations):
        if wanted.intersection(each.name for each in operation.outputs):
            found.append(operation)
            wanted |= names_within(operation)
    return tuple(reversed(found))


def names_within(operation: Operation) -> set[str]:
    """Every name that the operation uses, those in its blocks included."""
    names = set(operation.names_used)
    for block in operation.blocks:
        names.update(block.outputs)
        for inner in block.operations:
            names |= names_within(inner)
    return names
