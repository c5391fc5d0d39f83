"""`metadata.json` of a bundle: what Xcode and other tools show of it; Core ML does not need it.

The form is that of Apple's compiler, whose order of keys is arbitrary; here they are sorted.
"""

import collections
from collections.abc import Iterable, Iterator
from typing import Any

from ...domain.mil.data_type import DataType
from ...domain.mil.operation import Operation
from ...domain.mil.program import Function, Program
from ...domain.mil.storage_type import storage_type, type_name
from ...domain.mil.stored_weights import weights_of
from ...domain.mil.text.dialect import OPERATION_SETS
from ...domain.mil.value import StoredWeight, TensorValue
from ...domain.mil.value_type import StateType, TensorType, ValueType
from .description_messages import edge
from .feature_schema import feature_schema

_AVAILABILITY = {
    6: ("15.0", "12.0", "8.0", "15.0", "1.0", "15.0"),
    7: ("16.0", "13.0", "9.0", "16.0", "1.0", "16.0"),
    8: ("17.0", "14.0", "10.0", "17.0", "1.0", "17.0"),
    9: ("18.0", "15.0", "11.0", "18.0", "2.0", "18.0"),
}
_SYSTEMS = ("iOS", "macOS", "watchOS", "tvOS", "visionOS", "macCatalyst")
# Apple names an operation after the operation set that defined its version. What is listed was
# seen in bundles; every other operation takes the name of the function's own set.
_OF_EARLIER_SETS = {
    "ios16": {"": "concat expand_dims pad slice_by_index squeeze transpose"},
    "ios17": {
        "ios16": "relu sigmoid silu softmax reduce_",
        "": "identity pad range_1d select shape split stack tile",
    },
    "ios18": {"ios16": "reduce_", "": "select"},
}
_NOT_COUNTED = "const"


def bundle_metadata(program: Program, message: Any, class_name: str) -> list[dict[str, Any]]:
    """The document for a program that the `ModelDescription` message describes.

    Raises ValueError where the form of a feature is not known or a function is missing.
    """
    version = program.description.specification_version
    document = {
        "availability": dict(zip(_SYSTEMS, _AVAILABILITY[version], strict=True)),
        "generatedClassName": class_name,
        "isUpdatable": "0",
        "metadataOutputVersion": "3.0",
        "method": "predict",
        "modelParameters": [],
        "modelType": {"name": "MLModelType_mlProgram"},
        "specificationVersion": version,
        "userDefinedMetadata": dict(message.metadata.userDefined),
        **_texts(message.metadata),
        **_function(program.main_function, edge(message, program.main)),
    }
    if message.functions:
        document["defaultFunctionName"] = program.main
        document["functions"] = [_named(each, program) for each in message.functions]
    return [document]


def _named(described: Any, program: Program) -> dict[str, Any]:
    if described.name not in program.functions:
        raise ValueError(f"the function {described.name!r} is described and not there")
    return {"name": described.name, **_function(program.functions[described.name], described)}


def _texts(metadata: Any) -> dict[str, str]:
    texts = {
        "author": metadata.author,
        "license": metadata.license,
        "shortDescription": metadata.shortDescription,
        "version": metadata.versionString,
    }
    return {key: text for key, text in texts.items() if text}


def _function(function: Function, features: Any) -> dict[str, Any]:
    operations = function.body.operations
    stored = {
        storage_type(operation, argument, weight)
        for operation in operations
        for argument, weight in weights_of(operation)
    }
    told = {
        "computePrecision": _mixed(_computed(function)),
        "inputSchema": [feature_schema(each) for each in features.input],
        "mlProgramOperationTypeHistogram": _histogram(function),
        "outputSchema": [feature_schema(each) for each in features.output],
        "stateSchema": [feature_schema(each) for each in features.state],
    }
    return told | ({"storagePrecision": _mixed(stored)} if stored else {})


def _mixed(names: Iterable[str]) -> str:
    found = sorted(set(names))
    return found[0] if len(found) == 1 else f"Mixed ({', '.join(found)})"


def _computed(function: Function) -> Iterator[str]:
    """The element types of what operations take and give, decompression left out."""
    for each in function.inputs:
        yield from _counted(each.type)
    for operation in function.body.operations:
        if operation.type.startswith("constexpr_"):
            continue
        for declared in operation.outputs:
            yield from _counted(declared.type)
        for bindings in operation.inputs.values():
            for value in bindings:
                if isinstance(value, TensorValue | StoredWeight):
                    yield from _counted(value.type)


def _counted(declared: ValueType) -> Iterator[str]:
    tensor = declared.wrapped if isinstance(declared, StateType) else declared
    uncounted = (DataType.BOOL, DataType.STRING)
    if isinstance(tensor, TensorType) and tensor.data_type not in uncounted:
        yield type_name(tensor.data_type)


def _histogram(function: Function) -> dict[str, int]:
    names = (
        operation_name(each, OPERATION_SETS.get(function.opset, ""))
        for each in function.body.operations
        if each.type != _NOT_COUNTED
    )
    return dict(sorted(collections.Counter(names).items()))


def operation_name(operation: Operation, opset: str) -> str:
    """The operation as Apple's reports name it, such as Ios16.reduceMean."""
    first, *others = operation.type.split("_")
    camel = first + "".join(each.capitalize() for each in others)
    defined_in = "" if opset == "ios15" else opset
    for earlier, names in _OF_EARLIER_SETS.get(opset, {}).items():
        if any(_is_named(operation.type, each) for each in names.split()):
            defined_in = earlier
    capital = camel[:1].upper() + camel[1:]
    return f"{defined_in.capitalize()}.{camel}" if defined_in else capital


def _is_named(operation: str, name: str) -> bool:
    return operation.startswith(name) if name.endswith("_") else operation == name
