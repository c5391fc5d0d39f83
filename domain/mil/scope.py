"""Whether every name of a program is given before it is used, and only once."""

from collections import Counter
from collections.abc import Iterator

from .arguments import titled
from .operation import Block
from .program import Function, Program


def check_names(program: Program) -> None:
    """Refuse the first name that nothing gives, or that is given twice. Raises ValueError."""
    for problems in (undefined_names(program), repeated_names(program)):
        for problem in problems:
            raise ValueError(problem)


def undefined_names(program: Program) -> Iterator[str]:
    """Say of each use of a name that nothing before it gives, where it is.

    Only the bodies that count are looked at; blocks within see what is around them.
    """
    for name, function in program.functions.items():
        known = {each.name for each in function.inputs}
        for problem in _undefined(function.body, known):
            yield f"function {name}, {problem}"


def repeated_names(program: Program) -> Iterator[str]:
    """Say of each name that a function or block gives twice, where it is.

    Blocks within may give again what is around them, and so may those beside each other.
    """
    for name, function in program.functions.items():
        for problem in _repeated_in(function):
            yield f"function {name}{problem}"


def _undefined(block: Block, outside: set[str]) -> Iterator[str]:
    known = outside | {each.name for each in block.inputs}
    for operation in block.operations:
        for name in operation.names_used:
            if name not in known:
                yield f"{titled(operation)}: nothing before it gives {name!r}"
        for inner in operation.blocks:
            yield from _undefined(inner, known)
        known.update(each.name for each in operation.outputs)
    for name in block.outputs:
        if name not in known:
            yield f"nothing gives its output {name!r}"


def _repeated_in(function: Function) -> Iterator[str]:
    inputs = Counter(each.name for each in function.inputs)
    for name, count in inputs.items():
        if count > 1:
            yield f": there are {count} inputs {name!r}"
    for problem in _repeated(function.body, set(inputs)):
        yield f", {problem}"


def _repeated(block: Block, outside: set[str]) -> Iterator[str]:
    seen = outside | {each.name for each in block.inputs}
    for operation in block.operations:
        for made in operation.outputs:
            if made.name in seen:
                yield f"{titled(operation)}: {made.name!r} is given before"
            seen.add(made.name)
        for inner in operation.blocks:
            yield from _repeated(inner, set())
