"""What can be told of an ML Program by looking at it."""

import collections
from collections.abc import Iterator, Mapping

import attrs

from .mil.attention_variant import attention_variant
from .mil.operation import Operation
from .mil.program import Program
from .mil.storage_type import storage_type
from .mil.stored_weights import all_operations, weights_of
from .mil.value import StoredWeight
from .mil.value_type import StateType
from .tensor import TensorSpec

_OLDEST_SYSTEMS = {
    6: "iOS 15, macOS 12",
    7: "iOS 16, macOS 13",
    8: "iOS 17, macOS 14",
    9: "iOS 18, macOS 15",
    10: "iOS 26, macOS 26",
}


@attrs.frozen(kw_only=True)
class InspectedWeight:
    """One stored tensor: the output and operation that it is for, and how it is stored."""

    name: str
    operation: str
    type: str
    storage: str
    bytes: int


@attrs.frozen(kw_only=True)
class StorageShare:
    """How many tensors are stored in one way, and what they take."""

    storage: str
    tensors: int
    bytes: int


@attrs.frozen(kw_only=True)
class Inspection:
    """A program in figures.

    `operations` counts those of the main function, constants left out, the most frequent first;
    `storage` and `weights` are those of all functions, the largest first, each stored tensor once.
    """

    specification_version: int
    oldest_systems: str
    opset: str
    functions: tuple[str, ...]
    main: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    states: tuple[str, ...]
    operations: Mapping[str, int]
    attention: str | None
    storage: tuple[StorageShare, ...]
    weights: tuple[InspectedWeight, ...]
    metadata: Mapping[str, str]

    @property
    def weight_bytes(self) -> int:
        """What all stored tensors take."""
        return sum(each.bytes for each in self.storage)


def inspect_program(program: Program) -> Inspection:
    """Look at a program; no weight is read."""
    description, function = program.description, program.main_function
    kinds = [each.type for each in all_operations(function.body) if each.type != "const"]
    weights = tuple(sorted(_weights(program), key=lambda each: (-each.bytes, each.name)))
    return Inspection(
        specification_version=description.specification_version,
        oldest_systems=_OLDEST_SYSTEMS.get(description.specification_version, "unknown"),
        opset=function.opset,
        functions=tuple(sorted(program.functions)),
        main=program.main,
        inputs=description.inputs,
        outputs=description.outputs,
        states=tuple(each.name for each in function.inputs if isinstance(each.type, StateType)),
        operations=dict(collections.Counter(sorted(kinds)).most_common()),
        attention=attention_variant(function),
        storage=_shares(weights),
        weights=weights,
        metadata=description.metadata,
    )


def _weights(program: Program) -> Iterator[InspectedWeight]:
    seen: set[tuple[str, int]] = set()
    for function in program.functions.values():
        for operation in all_operations(function.body):
            for argument, weight in weights_of(operation):
                if (weight.file, weight.offset) not in seen:
                    seen.add((weight.file, weight.offset))
                    yield _inspected(operation, argument, weight)


def _inspected(operation: Operation, argument: str, weight: StoredWeight) -> InspectedWeight:
    return InspectedWeight(
        name=operation.outputs[0].name if operation.outputs else "",
        operation=operation.type,
        type=str(weight.type),
        storage=storage_type(operation, argument, weight),
        bytes=weight.type.data_type.stored_bytes(weight.type.element_count or 0),
    )


def _shares(weights: tuple[InspectedWeight, ...]) -> tuple[StorageShare, ...]:
    sizes: dict[str, list[int]] = {}
    for each in weights:
        sizes.setdefault(each.storage, []).append(each.bytes)
    shares = (
        StorageShare(storage=storage, tensors=len(held), bytes=sum(held))
        for storage, held in sizes.items()
    )
    return tuple(sorted(shares, key=lambda share: (-share.bytes, share.storage)))
