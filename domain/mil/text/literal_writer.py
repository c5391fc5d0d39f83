"""Types and values as MIL text spells them.

Everything here raises ValueError where the spelling of a value is not known.
"""

import math
from typing import Any

from ..data_type import DataType
from ..value import (
    DictionaryValue,
    ListValue,
    StoredWeight,
    TensorValue,
    TupleValue,
    Value,
)
from ..value_type import (
    DictionaryType,
    Dimension,
    ListType,
    StateType,
    TensorType,
    TupleType,
    ValueType,
)
from .dialect import ESCAPES, Dialect

_ESCAPED = str.maketrans({meant: f"\\{sign}" for meant, sign in ESCAPES.items()})


def type_text(declared: ValueType, dialect: Dialect) -> str:
    """Spell a type."""
    match declared:
        case TensorType(data_type, ()) if dialect.bare_scalars:
            return data_type.value
        case TensorType():
            return str(declared)
        case ListType(element, length):
            return f"list<{type_text(element, dialect)}, {_dimension(length)}>"
        case TupleType(elements):
            return f"tuple<{', '.join(type_text(each, dialect) for each in elements)}>"
        case DictionaryType(key, value):
            return f"dict<{type_text(key, dialect)}, {type_text(value, dialect)}>"
        case StateType(wrapped):
            return f"state<{type_text(wrapped, dialect)}>"


def value_text(value: Value, dialect: Dialect, list_brackets: str = "()") -> str:
    """Spell a value with its type."""
    return f"{type_text(value.type, dialect)}({_body(value, dialect, list_brackets)})"


def float_text(number: float) -> str:
    """Spell a number as C's `%a` does, exactly.

    >>> float_text(-0.1875)
    '-0x1.8p-3'
    """
    if not math.isfinite(number):
        raise ValueError(f"the spelling of {number} is not known")
    mantissa, exponent = number.hex().split("p")
    return f"{mantissa.rstrip('0').rstrip('.')}p{exponent}"


def string_text(text: str) -> str:
    r"""Spell a text between quotes.

    >>> print(string_text('say "yes"'))
    "say \"yes\""
    """
    unknown = [each for each in text if (each < " " or each == "\x7f") and each not in ESCAPES]
    if unknown:
        raise ValueError(f"the spelling of the character {unknown[0]!r} is not known")
    return f'"{text.translate(_ESCAPED)}"'


def _body(value: Value, dialect: Dialect, list_brackets: str) -> str:
    match value:
        case TensorValue(declared, content):
            return _nested(content.tolist(), declared.data_type)
        case StoredWeight():
            return _weight(value, dialect)
        case DictionaryValue(_, pairs):
            sides = (
                ", ".join(_body(each, dialect, list_brackets) for each in pair) for pair in pairs
            )
            return "{" + ", ".join(f"{{{each}}}" for each in sides) + "}"
        case ListValue(_, elements) | TupleValue(_, elements):
            inside = ", ".join(_body(each, dialect, list_brackets) for each in elements)
            return inside.join(list_brackets if isinstance(value, ListValue) else "()")


def _nested(content: Any, data_type: DataType) -> str:
    if isinstance(content, list):
        return f"[{', '.join(_nested(each, data_type) for each in content)}]"
    if data_type is DataType.STRING:
        return string_text(content)
    if data_type is DataType.BOOL:
        return "true" if content else "false"
    return float_text(content) if data_type.is_float else str(content)


def _weight(weight: StoredWeight, dialect: Dialect) -> str:
    string, whole = (
        type_text(TensorType(each), dialect) for each in (DataType.STRING, DataType.UINT64)
    )
    path = string_text(weight.file)
    return f"BLOBFILE(path = {string}({path}), offset = {whole}({weight.offset}))"


def _dimension(size: Dimension) -> str:
    return str(size) if isinstance(size, int) else size.value
