"""Values from MIL text.

Everything here raises ValueError with the line where the text contradicts itself.
"""

import math
import re
from collections.abc import Iterator

import numpy as np

from ..data_type import DataType
from ..value import (
    DictionaryValue,
    ListValue,
    StoredWeight,
    TensorValue,
    TupleValue,
    Value,
    WeightStorage,
)
from ..value_type import (
    DictionaryType,
    ListType,
    StateType,
    TensorType,
    TupleType,
    Unknown,
    ValueType,
)
from .dialect import ESCAPES
from .tokens import Tokens, separated
from .type_reader import read_type

_MEANT = {sign: meant for meant, sign in ESCAPES.items()}
_ESCAPE = re.compile(r"\\(.)")


def read_value(tokens: Tokens, declared: ValueType, storage: WeightStorage) -> Value:
    """Read what stands in parentheses behind a type; weights stay where they are."""
    tokens.expect("(")
    if tokens.skips("BLOBFILE"):
        value: Value = _weight(tokens, declared, storage)
    else:
        value = _body(tokens, declared)
    tokens.expect(")")
    return value


def read_string(tokens: Tokens) -> str:
    """Read a text between quotes."""
    return _ESCAPE.sub(lambda found: _MEANT[found[1]], tokens.take("string")[1:-1])


def _weight(tokens: Tokens, declared: ValueType, storage: WeightStorage) -> StoredWeight:
    if not isinstance(declared, TensorType):
        raise tokens.failure("a weight that is no tensor")
    tokens.expect("(", "path", "=")
    read_type(tokens)
    tokens.expect("(")
    path = read_string(tokens)
    tokens.expect(")", ",", "offset", "=")
    read_type(tokens)
    tokens.expect("(")
    offset = _whole(tokens, DataType.UINT64)
    tokens.expect(")", ")")
    return StoredWeight(declared, path, offset, storage)


def _body(tokens: Tokens, declared: ValueType) -> Value:
    match declared:
        case TensorType():
            return _tensor(tokens, declared)
        case ListType(element):
            opening, closing = "[]" if tokens.sees("[") else "()"
            tokens.expect(opening)
            elements = tuple(_body(tokens, element) for _ in separated(tokens, closing))
            return ListValue(declared, elements)
        case TupleType(types):
            return TupleValue(declared, tuple(_row(tokens, "(", types, ")")))
        case DictionaryType(key, value):
            tokens.expect("{")
            pairs = (tuple(_row(tokens, "{", (key, value), "}")) for _ in separated(tokens, "}"))
            return DictionaryValue(declared, tuple((name, held) for name, held in pairs))
        case StateType():
            raise tokens.failure("a state has no value")


def _row(
    tokens: Tokens, opening: str, types: tuple[ValueType, ...], closing: str
) -> Iterator[Value]:
    tokens.expect(opening)
    for number, each in enumerate(types):
        if number:
            tokens.expect(",")
        yield _body(tokens, each)
    tokens.expect(closing)


def _tensor(tokens: Tokens, declared: TensorType) -> TensorValue:
    found: list[int | None] = [None] * len(declared.dimensions)
    elements: list[object] = []
    _collect(tokens, declared.data_type, found, elements)
    # Where an outer size is 0 the text does not show the inner ones.
    shape = tuple(
        size if size is not None else known if isinstance(known, int) else 0
        for size, known in zip(found, declared.dimensions, strict=True)
    )
    if Unknown.DIMENSIONS in declared.dimensions or any(
        isinstance(known, int) and known != size
        for known, size in zip(declared.dimensions, shape, strict=True)
    ):
        raise tokens.failure(f"a {declared} is given in the shape {list(shape)}")
    flat = np.array(elements, dtype=declared.data_type.numpy)
    return TensorValue(declared, flat.reshape(shape))


def _collect(
    tokens: Tokens,
    data_type: DataType,
    found: list[int | None],
    elements: list[object],
    level: int = 0,
) -> None:
    if level == len(found):
        elements.append(_scalar(tokens, data_type))
        return
    tokens.expect("[")
    size = 0
    for number in separated(tokens, "]"):
        _collect(tokens, data_type, found, elements, level + 1)
        size = number + 1
    if found[level] not in (None, size):
        raise tokens.failure("rows of a tensor differ in length")
    found[level] = size


def _scalar(tokens: Tokens, data_type: DataType) -> object:
    if data_type is DataType.STRING:
        return read_string(tokens)
    if data_type is DataType.BOOL:
        if not tokens.sees("true", "false"):
            raise tokens.failure("true or false is expected")
        return tokens.take("name") == "true"
    return _real(tokens, data_type) if data_type.is_float else _whole(tokens, data_type)


def _real(tokens: Tokens, data_type: DataType) -> float:
    spelled = tokens.take("float")
    try:
        number = float.fromhex(spelled)
    except OverflowError:
        number = math.inf
    with np.errstate(over="ignore"):
        stored = np.array(number, data_type.numpy)
    if data_type is DataType.BF16:
        stored = (stored.view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)
    if float(stored) != number or math.isinf(number):
        raise tokens.failure(f"{data_type.value} cannot hold {spelled}, which stands")
    return number


def _whole(tokens: Tokens, data_type: DataType) -> int:
    number = tokens.take_integer()
    signed = data_type.value.startswith("int")
    lowest = -(2 ** (data_type.bits - 1)) if signed else 0
    if not lowest <= number < lowest + 2**data_type.bits:
        raise tokens.failure(f"{data_type.value} cannot hold {number}, which stands")
    return number
