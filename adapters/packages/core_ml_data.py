"""`coremldata.bin` of a bundle: a header and the model's description. Numbers are little-endian.

Everything here raises ValueError where a file or version is of a kind that is not known.
"""

import struct
from typing import Any

from .schema import new_message, parse_description

_START = struct.Struct("<II20x")  # kind of model, major version of the compiler
_NUMBER = struct.Struct("<Q")
_SPECIFICATION = struct.Struct("<Q24x")
_FUNCTION = struct.Struct("<I12x")
_ML_PROGRAM = 502
_PIPELINE = 202
_TARGET = b"generic"
# What Apple's compilers write; Core ML refuses versions that are newer than itself.
_COMPILER_VERSIONS = {6: 5, 7: 5, 8: 8, 9: 9}


def core_ml_data(model: Any) -> bytes:
    """The file for a `Model` message, of which its specification version and description count."""
    version = model.specificationVersion
    if version not in _COMPILER_VERSIONS:
        raise ValueError(f"bundles of specification version {version} are not known")
    description = model.description
    described = new_message("ModelDescription")
    described.CopyFrom(description)
    described.metadata.SetInParent()  # bundles have one even where the package has none
    return b"".join(
        (
            _START.pack(_ML_PROGRAM, _COMPILER_VERSIONS[version]),
            _sized(_TARGET),
            _SPECIFICATION.pack(version),
            _sized(described.SerializeToString(deterministic=True)),
            _FUNCTION.pack(_ML_PROGRAM) * max(1, len(description.functions)),
        )
    )


def parse_core_ml_data(data: bytes) -> Any:
    """Read the file into a `Model` message that has no program."""
    try:
        kind, _ = _START.unpack_from(data)
        if kind == _PIPELINE:
            raise ValueError("it is a pipeline of models, whose bundles nobody has described")
        if kind != _ML_PROGRAM:
            raise ValueError(f"coremldata.bin is of a model of kind {kind}, not an ML Program")
        _, place = _sized_at(data, _START.size)
        model = new_message("Model")
        [model.specificationVersion] = _SPECIFICATION.unpack_from(data, place)
        described, _ = _sized_at(data, place + _SPECIFICATION.size)
    except (struct.error, OverflowError) as error:
        raise ValueError("coremldata.bin is cut short") from error
    model.description.CopyFrom(parse_description(described))
    if not model.description.metadata.ByteSize():
        model.description.ClearField("metadata")
    return model


def _sized(content: bytes) -> bytes:
    return _NUMBER.pack(len(content)) + content


def _sized_at(data: bytes, place: int) -> tuple[bytes, int]:
    """What stands at a place behind its size, and where it ends."""
    [size] = _NUMBER.unpack_from(data, place)
    start = place + _NUMBER.size
    if size > len(data) - start:
        raise ValueError("coremldata.bin is cut short")
    return data[start : start + size], start + size
