"""Whether every name of a program is given before it is used."""

from collections.abc import Iterator

from .operation import Block
from .program import Program


def undefined_names(program: Program) -> Iterator[str]:
    """Say of each use of a name that nothing before it gives, where it is.

    Only the bodies that count are looked at; blocks within see what is around them.
    """
    for name, function in program.functions.items():
        known = {each.name for each in function.inputs}
        for problem in _undefined(function.body, known):
            yield f"function {name}, {problem}"


def _undefined(block: Block, outside: set[str]) -> Iterator[str]:
    known = outside | {each.name for each in block.inputs}
    for operation in block.operations:
        made = {each.name for each in operation.outputs}
        title = f"operation {operation.type} ({', '.join(sorted(made))})"
        for name in operation.names_used:
            if name not in known:
                yield f"{title}: nothing before it gives {name!r}"
        for inner in operation.blocks:
            yield from _undefined(inner, known)
        known |= made
    for name in block.outputs:
        if name not in known:
            yield f"nothing gives its output {name!r}"
