"""What a model says about itself: from protobuf messages to the domain.

Everything here raises ValueError where a model is of a kind that this version cannot read.
"""

from typing import Any

from ...domain.errors import InvalidRequest
from ...domain.mil.program import ModelDescription
from ...domain.pixel_layout import PixelLayout
from ...domain.tensor import Flexibility, ListedShapes, SizeRanges, TensorSpec

#: The dtypes of multi-arrays by the codes of the messages.
ELEMENT_TYPES = {
    65552: "float16",
    65568: "float32",
    65600: "float64",
    131080: "int8",
    131104: "int32",
}

#: The layouts of pictures by the codes of the messages.
PIXEL_LAYOUTS = {
    10: PixelLayout.GRAYSCALE,
    20: PixelLayout.RGB,
    30: PixelLayout.BGR,
    40: PixelLayout.GRAYSCALE_FLOAT16,
}

#: What stands before the keys of metadata that are the user's own.
USER_KEY = "user:"


def main_function(model: Any) -> str:
    """The name of the function that runs unless another is asked for."""
    return model.description.defaultFunctionName or "main"


def choose_function(model: Any, function: str) -> None:
    """Make a function the one that runs. Raises InvalidRequest where there is none of the name."""
    known = [each.name for each in model.description.functions] or [main_function(model)]
    if function not in known:
        raise InvalidRequest("--function", f"{function} is not there; take {' or '.join(known)}")
    if function != main_function(model):
        model.description.defaultFunctionName = function


def model_description(model: Any) -> ModelDescription:
    """Read the description of a model's main function."""
    whole = model.description
    main = edge(whole, main_function(model))
    return ModelDescription(
        specification_version=model.specificationVersion,
        inputs=tuple(tensor_spec("input", each) for each in main.input),
        outputs=tuple(tensor_spec("output", each) for each in main.output),
        metadata=metadata(whole.metadata),
        message=whole.SerializeToString(deterministic=True),
    )


def edge(description: Any, function: str) -> Any:
    """What the description says of a function; a model of one function says it without its name."""
    named = {each.name: each for each in description.functions}
    return named.get(function, description)


def tensor_spec(kind: str, feature: Any) -> TensorSpec:
    """Read an input or output."""
    match feature.type.WhichOneof("Type"):
        case "multiArrayType":
            return _array(kind, feature)
        case "imageType":
            return _picture(kind, feature)
        case found:
            raise ValueError(
                f"{kind} {feature.name} is of kind {found}; only arrays and images are known"
            )


def _array(kind: str, feature: Any) -> TensorSpec:
    array = feature.type.multiArrayType
    if array.dataType not in ELEMENT_TYPES:
        raise ValueError(f"{kind} {feature.name} has the unknown element type {array.dataType}")
    return TensorSpec(
        name=feature.name,
        shape=tuple(array.shape),
        dtype=ELEMENT_TYPES[array.dataType],
        description=feature.shortDescription,
        flexibility=_flexibility(array),
    )


def _picture(kind: str, feature: Any) -> TensorSpec:
    picture = feature.type.imageType
    layout = PIXEL_LAYOUTS.get(picture.colorSpace)
    if layout is None:
        raise ValueError(f"{kind} {feature.name} has the unknown colours {picture.colorSpace}")
    return TensorSpec(
        name=feature.name,
        shape=layout.shape(picture.height, picture.width),
        dtype=layout.dtype,
        description=feature.shortDescription,
        flexibility=_sizes_of_picture(picture, layout),
        pixels=layout,
    )


def _flexibility(array: Any) -> Flexibility | None:
    match array.WhichOneof("ShapeFlexibility"):
        case "enumeratedShapes":
            return ListedShapes(tuple(tuple(each.shape) for each in array.enumeratedShapes.shapes))
        case "shapeRange":
            return SizeRanges(tuple(_bounds(each) for each in array.shapeRange.sizeRanges))
        case _:
            return None


def _sizes_of_picture(picture: Any, layout: PixelLayout) -> Flexibility | None:
    match picture.WhichOneof("SizeFlexibility"):
        case "enumeratedSizes":
            sizes = picture.enumeratedSizes.sizes
            return ListedShapes(tuple(layout.shape(each.height, each.width) for each in sizes))
        case "imageSizeRange":
            ranges = picture.imageSizeRange
            colours = ((3, 3),) if layout.has_colours else ()
            return SizeRanges((_bounds(ranges.heightRange), _bounds(ranges.widthRange), *colours))
        case _:
            return None


def _bounds(sizes: Any) -> tuple[int, int | None]:
    """Sizes without an upper bound say -1."""
    return sizes.lowerBound, None if sizes.upperBound < 0 else sizes.upperBound


def metadata(message: Any) -> dict[str, str]:
    """Read the texts that came with a model."""
    texts = {
        "author": message.author,
        "license": message.license,
        "short_description": message.shortDescription,
        "version": message.versionString,
    }
    user_defined = {f"{USER_KEY}{key}": text for key, text in sorted(message.userDefined.items())}
    return {key: text for key, text in texts.items() if text} | user_defined
