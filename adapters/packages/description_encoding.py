"""What a model says about itself: from the domain to protobuf messages."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...domain.mil.program import ModelDescription
from ...domain.tensor import Flexibility, ListedShapes, SizeRanges, TensorSpec
from .description_messages import (
    ELEMENT_TYPES,
    PIXEL_LAYOUTS,
    USER_KEY,
    edge,
    metadata,
    tensor_spec,
)
from .schema import new_message, parse_description

_CODES = {dtype: code for code, dtype in ELEMENT_TYPES.items()}
_LAYOUT_CODES = {layout: code for code, layout in PIXEL_LAYOUTS.items()}
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
    features = [_feature(spec, kind, said.get(spec.name)) for spec in specs]
    del messages[:]
    messages.extend(features)


def _feature(spec: TensorSpec, kind: str, said: Any | None) -> Any:
    """What the file said of an input or output, as far as it is still so."""
    message = new_message("FeatureDescription")
    if said is not None:
        message.CopyFrom(said)
    message.shortDescription = spec.description
    if said is None or tensor_spec(kind, message) != spec:
        message.name = spec.name
        message.type.ClearField(message.type.WhichOneof("Type") or "multiArrayType")
        _encode_kind(spec, message.type)
    return message


def _encode_kind(spec: TensorSpec, message: Any) -> None:
    if spec.pixels is not None:
        picture = message.imageType
        picture.height, picture.width = spec.shape[:2]
        picture.colorSpace = _LAYOUT_CODES[spec.pixels]
        _encode_sizes_of_picture(spec.flexibility, picture)
        return
    array = message.multiArrayType
    array.shape.extend(spec.shape)
    array.dataType = _CODES[spec.dtype.name]
    _encode_flexibility(spec.flexibility, array)


def _encode_flexibility(flexibility: Flexibility | None, array: Any) -> None:
    match flexibility:
        case SizeRanges(bounds):
            for low, high in bounds:
                upper = -1 if high is None else high
                array.shapeRange.sizeRanges.add(lowerBound=low, upperBound=upper)
        case ListedShapes(shapes):
            for shape in shapes:
                array.enumeratedShapes.shapes.add(shape=shape)


def _encode_sizes_of_picture(flexibility: Flexibility | None, picture: Any) -> None:
    match flexibility:
        case SizeRanges(bounds):
            ranges = picture.imageSizeRange.heightRange, picture.imageSizeRange.widthRange
            for message, (low, high) in zip(ranges, bounds, strict=False):
                message.lowerBound, message.upperBound = low, -1 if high is None else high
        case ListedShapes(shapes):
            for height, width, *_ in shapes:
                picture.enumeratedSizes.sizes.add(height=height, width=width)


def _encode_metadata(texts: Mapping[str, str], message: Any) -> None:
    message.Clear()
    for key, text in texts.items():
        if key.startswith(USER_KEY):
            message.userDefined[key.removeprefix(USER_KEY)] = text
        else:
            setattr(message, _METADATA_FIELDS[key], text)
