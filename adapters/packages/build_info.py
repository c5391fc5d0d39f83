"""`buildInfo` of a program: which tools made it, and in a bundle also which one compiled it."""

import attrs
import numpy as np

from ...domain.mil.data_type import DataType
from ...domain.mil.program import Program
from ...domain.mil.value import DictionaryValue, TensorValue, Value
from ...domain.mil.value_type import DictionaryType, TensorType

_KEY = "buildInfo"
_COMPILER_KEYS = ("coremlc-component-MIL", "coremlc-version")
_STRING = TensorType(DataType.STRING)


def compiled_by(program: Program, compiler: str) -> Program:
    """The program with the compiler named beside the tools before it, their keys sorted."""
    texts = _texts(program) | dict.fromkeys(_COMPILER_KEYS, _text(compiler))
    return _told(program, texts)


def without_compiler(program: Program) -> Program:
    """The program as it was before it was compiled."""
    texts = {key: text for key, text in _texts(program).items() if key not in _COMPILER_KEYS}
    return _told(program, texts)


def _texts(program: Program) -> dict[str, Value]:
    match program.attributes.get(_KEY):
        case DictionaryValue(_, pairs):
            return {
                str(key.array().item()): text for key, text in pairs if isinstance(key, TensorValue)
            }
        case _:
            return {}


def _told(program: Program, texts: dict[str, Value]) -> Program:
    others = {name: value for name, value in program.attributes.items() if name != _KEY}
    pairs = tuple((_text(key), text) for key, text in sorted(texts.items()))
    said = {_KEY: DictionaryValue(DictionaryType(_STRING, _STRING), pairs)} if pairs else {}
    return attrs.evolve(program, attributes=others | said)


def _text(text: str) -> TensorValue:
    return TensorValue(_STRING, np.array(text))
