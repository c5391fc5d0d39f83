"""Where to cut a program in two: near half of its bytes, and there where few values cross."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

import attrs

from ..errors import InvalidRequest
from ..mil.data_type import DataType
from ..mil.liveness import names_within
from ..mil.operation import Operation
from ..mil.program import Program
from ..mil.stored_weights import all_operations
from ..mil.value import StoredWeight, TensorValue
from ..mil.value_type import NamedType, StateType, TensorType, ValueType

# How much of the whole one chunk may have more than the other, for the sake of fewer values.
_TOLERANCE = 0.02
# What may cross the edge of a model, and the bytes of an element there: float16 is widened.
_EDGE_BYTES = {DataType.FP16: 4, DataType.FP32: 4, DataType.INT32: 4}


@attrs.frozen(kw_only=True)
class Cut:
    """The first chunk ends before the operation number `place`; `crossing` is what it hands over.

    The bytes are those of constants as they are stored; those that both chunks use count twice.
    """

    place: int
    crossing: tuple[NamedType, ...]
    first_bytes: int
    second_bytes: int

    @property
    def crossing_bytes(self) -> int:
        """The bytes that pass from one chunk to the other in every prediction."""
        return sum(_edge_bytes(each.type) for each in self.crossing)

    @property
    def difference(self) -> int:
        """How many bytes one chunk has more than the other."""
        return abs(self.first_bytes - self.second_bytes)


def best_cut(program: Program) -> Cut:
    """Find the cut; all outputs come from the second chunk, as Apple's Swift package expects.

    Raises InvalidRequest where the program cannot be cut.
    """
    _require_one_plain_function(program)
    cuts = list(_cuts(program))
    if not cuts:
        raise InvalidRequest("PACKAGE", "there is nothing to cut: no place splits what it computes")
    total = max(each.first_bytes + each.second_bytes for each in cuts)
    largest = max(_TOLERANCE * total, min(each.difference for each in cuts))
    even = (each for each in cuts if each.difference <= largest)
    return min(even, key=lambda each: (each.crossing_bytes, each.difference, each.place))


def is_constant(operation: Operation) -> bool:
    """Whether the operation's results are known before anything runs."""
    return operation.type == "const" or operation.type.startswith("constexpr_")


def _require_one_plain_function(program: Program) -> None:
    if len(program.functions) > 1:
        names = ", ".join(program.functions)
        raise InvalidRequest("PACKAGE", f"only one function can be cut, it has {names}")
    if any(isinstance(each.type, StateType) for each in program.main_function.inputs):
        raise InvalidRequest("PACKAGE", "it keeps a state, which two chunks cannot share")


def _cuts(program: Program) -> Iterator[Cut]:
    """Every cut that can be, in order; both chunks compute something."""
    block = program.main_function.body
    operations = block.operations
    steps = [place for place, each in enumerate(operations) if not is_constant(each)]
    last_uses = _last_uses(operations, block.outputs)
    bytes_before, bytes_after = _bytes_around(operations)
    live: dict[str, NamedType] = {}
    for step, following in pairwise(steps):
        live |= {each.name: each for each in operations[step].outputs}
        live = {name: each for name, each in live.items() if last_uses.get(name, 0) > step}
        if live.keys() & set(block.outputs):
            return
        if live and all(_edge_bytes(each.type) for each in live.values()):
            yield Cut(
                place=following,
                crossing=tuple(live.values()),
                first_bytes=bytes_before[following],
                second_bytes=bytes_after[following],
            )


def _edge_bytes(declared: ValueType) -> int:
    """The bytes of a value on the edge of a model; 0 where it cannot be there."""
    match declared:
        case TensorType(data_type) if declared.dimensions:
            return _EDGE_BYTES.get(data_type, 0) * (declared.element_count or 0)
        case _:
            return 0


def _last_uses(operations: Sequence[Operation], outputs: Sequence[str]) -> Mapping[str, int]:
    """The number of the last operation that uses each name; of outputs, a number past them all."""
    uses = {name: place for place, each in enumerate(operations) for name in names_within(each)}
    return uses | dict.fromkeys(outputs, len(operations))


def _bytes_around(operations: Sequence[Operation]) -> tuple[list[int], list[int]]:
    """The bytes that are used before each operation, and from each operation on."""
    begins, ends = [0] * (len(operations) + 1), [0] * (len(operations) + 1)
    for places, size in _constants(operations).values():
        if places:
            begins[min(places) + 1] += size
            ends[max(places) + 1] += size
    before, gone = list(accumulate(begins)), list(accumulate(ends))
    return before, [before[-1] - each for each in gone]


def _constants(operations: Sequence[Operation]) -> Mapping[object, tuple[set[int], int]]:
    """Where each constant is used by what runs, and its bytes."""
    users: dict[str, set[int]] = defaultdict(set)
    held: dict[object, tuple[set[int], int]] = {}
    for place in reversed(range(len(operations))):
        operation = operations[place]
        made = {each.name for each in operation.outputs}
        places = set().union(*(users[name] for name in made)) if is_constant(operation) else {place}
        for name in names_within(operation):
            users[name] |= places
        for key, size in _sizes(operation):
            held[key] = (held[key][0] | places if key in held else places, size)
    return held


def _sizes(operation: Operation) -> Iterator[tuple[object, int]]:
    inner = (each for block in operation.blocks for each in all_operations(block))
    for each in (operation, *inner):
        bound = [value for values in each.inputs.values() for value in values]
        for number, value in enumerate([*bound, *each.attributes.values()]):
            match value:
                case StoredWeight(kind, file, offset, storage):
                    yield (id(storage), file, offset), _stored_bytes(kind)
                case TensorValue(kind):
                    yield (id(each), number), _stored_bytes(kind)
                case _:
                    pass


def _stored_bytes(kind: TensorType) -> int:
    return kind.data_type.stored_bytes(kind.element_count or 0)
