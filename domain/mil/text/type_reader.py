"""Types from MIL text.

Everything here raises ValueError with the line where the text contradicts itself.
"""

from collections.abc import Callable

from ..data_type import DataType
from ..value_type import (
    SIZES,
    DictionaryType,
    Dimension,
    ListType,
    StateType,
    TensorType,
    TupleType,
    Unknown,
    ValueType,
)
from .tokens import Tokens, separated

# Both far beyond any program; without them a text of brackets would exhaust the stack.
_DEEPEST = 16
_HIGHEST_RANK = 32

_DATA_TYPES = {each.value: each for each in DataType}


def read_type(tokens: Tokens, depth: int = 0) -> ValueType:
    """Read a type."""
    return read_type_after(tokens.take("name"), tokens, depth)


def read_type_after(head: str, tokens: Tokens, depth: int = 0) -> ValueType:
    """Read the rest of a type whose first word has been taken."""
    if head in _DATA_TYPES:
        return TensorType(_DATA_TYPES[head])
    if head not in _COMPOSED:
        raise tokens.failure(f"{head!r} is no type")
    if depth == _DEEPEST:
        raise tokens.failure(f"types are nested more than {_DEEPEST} deep")
    tokens.expect("<")
    found = _COMPOSED[head](tokens, depth + 1)
    tokens.expect(">")
    return found


def _tensor_type(tokens: Tokens, depth: int) -> TensorType:
    del depth
    name = tokens.take("name")
    if name not in _DATA_TYPES:
        raise tokens.failure(f"{name!r} is no element type")
    tokens.expect(",", "[")
    dimensions = tuple(_dimension(tokens) for _ in separated(tokens, "]"))
    if len(dimensions) > _HIGHEST_RANK:
        raise tokens.failure(f"a tensor has more than {_HIGHEST_RANK} dimensions")
    return TensorType(_DATA_TYPES[name], dimensions)


def _list_type(tokens: Tokens, depth: int) -> ListType:
    element = read_type(tokens, depth)
    tokens.expect(",")
    return ListType(element, _dimension(tokens))


def _tuple_type(tokens: Tokens, depth: int) -> TupleType:
    elements = [read_type(tokens, depth)]
    while tokens.skips(","):
        elements.append(read_type(tokens, depth))
    return TupleType(tuple(elements))


def _dictionary_type(tokens: Tokens, depth: int) -> DictionaryType:
    key = read_type(tokens, depth)
    tokens.expect(",")
    return DictionaryType(key, read_type(tokens, depth))


def _state_type(tokens: Tokens, depth: int) -> StateType:
    match read_type(tokens, depth):
        case TensorType() as wrapped:
            return StateType(wrapped)
        case other:
            raise tokens.failure(f"a state holds a tensor, not a {type(other).__name__}")


_COMPOSED: dict[str, Callable[[Tokens, int], ValueType]] = {
    "tensor": _tensor_type,
    "list": _list_type,
    "tuple": _tuple_type,
    "dict": _dictionary_type,
    "state": _state_type,
}


def _dimension(tokens: Tokens) -> Dimension:
    for unknown in Unknown:
        if tokens.skips(unknown.value):
            return unknown
    size = tokens.take_integer()
    if size not in SIZES:
        raise tokens.failure(f"{size} is no size")
    return size
