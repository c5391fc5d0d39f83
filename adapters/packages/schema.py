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
    return _parse("Model", data, "model.mlmodel is not a Core ML model")


def parse_description(data: bytes) -> Any:
    """Read a `ModelDescription` message. Raises ValueError where the bytes are none."""
    return _parse("ModelDescription", data, "the model's description is not one of Core ML")


def new_message(name: str) -> Any:
    """Make an empty message out of those in Model.proto."""
    return getattr(_generated_module("Model_pb2"), name)()


def _parse(name: str, data: bytes, problem: str) -> Any:
    decode_error = importlib.import_module("google.protobuf.message").DecodeError
    message = new_message(name)
    try:
        message.ParseFromString(data)
    except decode_error as error:
        raise ValueError(problem) from error
    return message


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
