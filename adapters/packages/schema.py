"""Core ML's protobuf messages: the classes that coremltools generated, without coremltools.

Importing coremltools takes about two seconds and 370 MB; its generated modules need neither. They
import each other relatively, so they are loaded as a package of their own.
"""

import functools
import importlib
import importlib.util
import sys
import types
from pathlib import Path
from typing import Any

_PACKAGE = f"{__package__}._core_ml_messages"


def parse_model(data: bytes) -> Any:
    """Read a `Model` message. Raises ValueError where the bytes are none."""
    decode_error = importlib.import_module("google.protobuf.message").DecodeError
    model = _generated_module("Model_pb2").Model()
    try:
        model.ParseFromString(data)
    except decode_error as error:
        raise ValueError("model.mlmodel is not a Core ML model") from error
    return model


@functools.cache
def _generated_module(name: str) -> types.ModuleType:
    if _PACKAGE not in sys.modules:
        package = types.ModuleType(_PACKAGE)
        package.__path__ = [str(_generated_folder())]
        sys.modules[_PACKAGE] = package
    return importlib.import_module(f"{_PACKAGE}.{name}")


def _generated_folder() -> Path:
    spec = importlib.util.find_spec("coremltools")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("coremltools is not installed", name="coremltools")
    return Path(spec.origin).parent / "proto"
