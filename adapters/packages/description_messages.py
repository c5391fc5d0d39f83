"""What a model says about itself: from protobuf messages to the domain.

Everything here raises ValueError where a model is of a kind that this version cannot read.
"""

from typing import Any

from ...domain.mil.program import ModelDescription
from ...domain.tensor import TensorSpec

_DTYPES = {
    65552: "float16",
    65568: "float32",
    65600: "float64",
    131080: "int8",
    131104: "int32",
}


def main_function(model: Any) -> str:
    """The name of the function that runs unless another is asked for."""
    return model.description.defaultFunctionName or "main"


def model_description(model: Any) -> ModelDescription:
    """Read the description of a model's main function."""
    whole = model.description
    named = {each.name: each for each in whole.functions}
    edge = named.get(main_function(model), whole)
    return ModelDescription(
        specification_version=model.specificationVersion,
        inputs=tuple(_tensor_spec("input", each) for each in edge.input),
        outputs=tuple(_tensor_spec("output", each) for each in edge.output),
        metadata=_metadata(whole.metadata),
    )


def _tensor_spec(kind: str, feature: Any) -> TensorSpec:
    found = feature.type.WhichOneof("Type")
    if found != "multiArrayType":
        raise ValueError(f"{kind} {feature.name} is of kind {found}; only multiArrayType is known")
    array = feature.type.multiArrayType
    if array.dataType not in _DTYPES:
        raise ValueError(f"{kind} {feature.name} has the unknown element type {array.dataType}")
    return TensorSpec(
        name=feature.name,
        shape=tuple(array.shape),
        dtype=_DTYPES[array.dataType],
        description=feature.shortDescription,
    )


def _metadata(message: Any) -> dict[str, str]:
    texts = {
        "author": message.author,
        "license": message.license,
        "short_description": message.shortDescription,
        "version": message.versionString,
    }
    user_defined = {f"user:{key}": text for key, text in sorted(message.userDefined.items())}
    return {key: text for key, text in texts.items() if text} | user_defined
