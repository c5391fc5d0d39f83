"""What a model says about itself: from the domain to protobuf messages."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...domain.mil.program import ModelDescription
from ...domain.tensor import TensorSpec
from .description_messages import ELEMENT_TYPES, USER_KEY, edge, metadata, tensor_spec
from .schema import new_message, parse_description

_CODES = {dtype: code for code, dtype in ELEMENT_TYPES.items()}
_METADATA_FIELDS = {
    "author": "author",
    "license": "license",
    "short_description": "shortDescription",
    "version": "versionString",
}


def description_message(description: ModelDescription, main: str) -> Any:
    """Make the message: what the fields say, and beside it what only the file's message said."""
    message = parse_description(description.message)
    main_edge = edge(message, main)
    _encode_features(description.inputs, "input", main_edge.input)
    _encode_features(description.outputs, "output", main_edge.output)
    if metadata(message.metadata) != description.metadata:
        _encode_metadata(description.metadata, message.metadata)
    return message


def _encode_features(specs: Sequence[TensorSpec], kind: str, messages: Any) -> None:
    said = {each.name: each for each in messages}
    wanted = [
        said[spec.name]
        if spec.name in said and _says(said[spec.name], kind, spec)
        else _feature(spec)
        for spec in specs
    ]
    del messages[:]
    messages.extend(wanted)


def _says(message: Any, kind: str, spec: TensorSpec) -> bool:
    known = tensor_spec(kind, message)
    return known == spec and known.description == spec.description


def _feature(spec: TensorSpec) -> Any:
    message = new_message("FeatureDescription")
    message.name = spec.name
    message.shortDescription = spec.description
    message.type.multiArrayType.shape.extend(spec.shape)
    message.type.multiArrayType.dataType = _CODES[spec.dtype.name]
    return message


def _encode_metadata(texts: Mapping[str, str], message: Any) -> None:
    message.Clear()
    for key, text in texts.items():
        if key.startswith(USER_KEY):
            message.userDefined[key.removeprefix(USER_KEY)] = text
        else:
            setattr(message, _METADATA_FIELDS[key], text)
