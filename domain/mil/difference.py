"""Where two programs differ, told so that one can go and look."""

from collections.abc import Iterator, Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from ..tensor import TensorSpec
from .operation import Operation
from .program import Function, ModelDescription, Program
from .stored_weights import all_operations, weights_of, with_weights
from .text.dialect import NEW
from .text.literal_writer import type_text
from .value import StoredWeight
from .value_type import NamedType

_ABSENT = "absent"
_PARTS = ("type", "outputs", "inputs", "attributes", "blocks")


@attrs.frozen
class Difference:
    """One place, and what stands there in either program."""

    place: str
    first: str
    second: str


def differences(first: Program, second: Program) -> Iterator[Difference]:
    """Every difference in what the model says, and of each function the first in its operations.

    Where the operations of a function are alike, each of its weights that differs. Where weights
    lie in their files is no difference. Weights are read one pair after another.
    """
    yield from _of_descriptions(first.description, second.description)
    yield from _of_fields("program", first, second, "main", "version")
    yield from _of_mappings("program attribute", first.attributes, second.attributes)
    for name in sorted(first.functions.keys() | second.functions.keys()):
        if name in first.functions and name in second.functions:
            yield from _of_functions(name, first, second)
        else:
            sides = [_present(name in each.functions) for each in (first, second)]
            yield Difference(f"function {name}", *sides)


def _of_descriptions(first: ModelDescription, second: ModelDescription) -> Iterator[Difference]:
    yield from _of_fields("description", first, second, "specification_version")
    for kind in ("inputs", "outputs"):
        sides = [
            {each.name: _spec(each) for each in getattr(side, kind)} for side in (first, second)
        ]
        yield from _of_mappings(kind.removesuffix("s"), *sides)
    yield from _of_mappings("metadata", first.metadata, second.metadata)


def _spec(spec: TensorSpec) -> tuple[object, ...]:
    other_shapes = str(spec.flexibility) if spec.flexibility else None
    pixels = spec.pixels.value if spec.pixels else None
    told = (spec.shape, other_shapes, spec.dtype.name, pixels, spec.description)
    return tuple(each for each in told if each)


def _of_functions(name: str, first: Program, second: Program) -> Iterator[Difference]:
    left, right = (_without_places(each).functions[name] for each in (first, second))
    found = list(_of_bodies(f"function {name}", left, right))
    yield from found
    if not found:
        originals = (list(all_operations(each.functions[name].body)) for each in (first, second))
        for operations in zip(*originals, strict=True):
            yield from _of_weights(*operations)


def _of_bodies(place: str, first: Function, second: Function) -> Iterator[Difference]:
    yield from _of_fields(place, first, second, "opset", "inputs")
    yield from _of_mappings(f"{place}, attribute", first.attributes, second.attributes)
    left, right = first.body.operations, second.body.operations
    for number, pair in enumerate(zip(left, right, strict=False), start=1):
        if pair[0] != pair[1]:
            yield _of_operations(f"{place}, operation {number}", *pair)
            return
    if len(left) != len(right):
        yield Difference(f"{place}, operations", str(len(left)), str(len(right)))
    yield from _of_fields(place, first.body, second.body, "outputs")


def _of_operations(place: str, first: Operation, second: Operation) -> Difference:
    parts = [part for part in _PARTS if getattr(first, part) != getattr(second, part)]
    sides = (
        f"{each.type} ({', '.join(made.name for made in each.outputs)})" for each in (first, second)
    )
    return Difference(f"{place}, its {' and '.join(parts)}", *sides)


def _of_weights(first: Operation, second: Operation) -> Iterator[Difference]:
    for (name, left), (_, right) in zip(_by_name(first), _by_name(second), strict=True):
        changed = _changed_elements(left, right)
        if changed:
            made = ", ".join(each.name for each in first.outputs)
            place = f"weight {name} of {first.type} ({made})"
            count = left.type.element_count or 0
            yield Difference(place, f"{count} elements", f"{changed} of them differ")


def _by_name(operation: Operation) -> list[tuple[str, StoredWeight]]:
    """The weights in an order that both programs have; what one argument binds keeps its own."""
    return sorted(weights_of(operation), key=lambda each: each[0])


def _changed_elements(first: StoredWeight, second: StoredWeight) -> int:
    return int(np.count_nonzero(_bits(first.array()) != _bits(second.array())))


def _bits(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """The elements as whole numbers, which tell a NaN from another and -0.0 from 0.0."""
    return array.view(f"u{array.itemsize}")


def _without_places(program: Program) -> Program:
    return with_weights(program, lambda weight: attrs.evolve(weight, file="", offset=0))


def _of_fields(place: str, first: object, second: object, *names: str) -> Iterator[Difference]:
    for name in names:
        left, right = getattr(first, name), getattr(second, name)
        if left != right:
            yield Difference(f"{place}, {name.replace('_', ' ')}", _written(left), _written(right))


def _written(value: object) -> str:
    """As MIL text writes it: what goes in with its type, what comes out by its name."""
    match value:
        case tuple():
            return f"({', '.join(map(_written, value))})"
        case NamedType(name, declared):
            return f"{type_text(declared, NEW)} {name}"
    return str(value)


def _of_mappings(
    kind: str, first: Mapping[str, object], second: Mapping[str, object]
) -> Iterator[Difference]:
    for name in sorted(first.keys() | second.keys()):
        left, right = first.get(name), second.get(name)
        if left != right:
            yield Difference(f"{kind} {name}", _shown(left), _shown(right))


def _shown(value: object) -> str:
    if value is None:
        return _ABSENT
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return repr(value) if isinstance(value, str) else "another value"


def _present(there: bool) -> str:
    return "present" if there else _ABSENT
