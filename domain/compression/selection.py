"""Which weights of a program become palettes, and why the others do not.

The rules are those of coremltools' `palettize_weights`, and Apple's about embedding tables.
"""

import enum
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import attrs

from ..mil.data_type import DataType
from ..mil.operation import Block, Operation
from ..mil.program import Program
from ..mil.stored_weights import all_operations
from ..mil.value import StoredWeight, TensorValue
from .palettization import Palettization

_LARGEST_IGNORED = 2048
_TABLE_READERS = "gather"
# Where the output channels of a weight are, by the operation and argument that take it; matmul's
# places are those without transposition, and all others have them first.
_OUTPUT_AXES = {("conv_transpose", "weight"): 1, ("matmul", "x"): -2, ("matmul", "y"): -1}


class Left(enum.Enum):
    """Why a weight stays as it is."""

    COMPRESSED = "compressed already"
    EMBEDDING = "embedding tables, which are taken only when asked for"
    NOT_FLOAT16 = "not in float16"
    NO_GROUPS = "of channels that make no whole groups"


@attrs.frozen
class Place:
    """Where a weight is: its function, the operation set of the body, and its name there."""

    function: str
    opset: str
    name: str


@attrs.frozen
class Candidate:
    """A weight to palettize, and the axis of its output channels."""

    weight: StoredWeight
    axis: int


def select(
    program: Program, palettization: Palettization
) -> Iterator[tuple[Place, Candidate | Left]]:
    """Decide about every weight that is large enough to count."""
    for function, held in program.functions.items():
        for opset, block in held.specializations.items():
            for name, decision in _decisions(block, palettization):
                yield Place(function, opset, name), decision


@attrs.frozen
class _Use:
    """An operation and the argument for which it takes a name."""

    operation: Operation
    argument: str


def _decisions(
    block: Block, palettization: Palettization
) -> Iterator[tuple[str, Candidate | Left]]:
    operations = {each.outputs[0].name: each for each in all_operations(block) if each.outputs}
    uses = _uses(block)
    for name, operation in operations.items():
        weight = operation.attributes.get("val")
        if operation.type.startswith("constexpr_"):
            yield name, Left.COMPRESSED
        # Block outputs: Core ML takes no decompression for them (coremltools' rdar 108274019).
        elif (
            name not in block.outputs
            and isinstance(weight, StoredWeight)
            and _counts(weight)
            and _feeds(uses[name])
        ):
            axes = {_output_axis(use, operations) % _rank(weight) for use in uses[name]}
            yield name, _decision(weight, uses[name], axes, palettization)


def _uses(block: Block) -> Mapping[str, list[_Use]]:
    uses: dict[str, list[_Use]] = defaultdict(list)
    for operation in all_operations(block):
        for argument, bindings in operation.inputs.items():
            for name in bindings:
                if isinstance(name, str):
                    uses[name].append(_Use(operation, argument))
    return uses


def _rank(weight: StoredWeight) -> int:
    return len(weight.type.dimensions)


def _counts(weight: StoredWeight) -> bool:
    """Whether it is a matrix or more, of numbers, and large."""
    is_large = (weight.type.element_count or 0) > _LARGEST_IGNORED
    return weight.type.data_type.is_float and is_large and _rank(weight) > 1


def _feeds(uses: Sequence[_Use]) -> bool:
    """Whether operations compute with it, and not only decompression."""
    return bool(uses) and not any(use.operation.type.startswith("constexpr_") for use in uses)


def _decision(
    weight: StoredWeight, uses: Sequence[_Use], axes: set[int], palettization: Palettization
) -> Candidate | Left:
    is_table = any(use.operation.type.startswith(_TABLE_READERS) for use in uses)
    if is_table and not palettization.include_embeddings:
        return Left.EMBEDDING
    if weight.type.data_type is not DataType.FP16:
        return Left.NOT_FLOAT16
    axis = min(axes)
    channels = (weight.type.shape or ())[axis]
    # Where operations disagree about the axis, only one palette for all suits every one of them.
    if palettization.group_size and (len(axes) > 1 or not palettization.groups(channels)):
        return Left.NO_GROUPS
    return Candidate(weight, axis)


def _output_axis(use: _Use, operations: Mapping[str, Operation]) -> int:
    axis = _OUTPUT_AXES.get((use.operation.type, use.argument), 0)
    if use.operation.type == "matmul" and _is_transposed(use, operations):
        return -3 - axis
    return axis


def _is_transposed(use: _Use, operations: Mapping[str, Operation]) -> bool:
    bindings = use.operation.inputs.get(f"transpose_{use.argument}", ())
    for binding in bindings:
        named = operations.get(binding) if isinstance(binding, str) else None
        value = named.attributes.get("val") if named else binding
        return isinstance(value, TensorValue) and bool(value.content)
    return False
