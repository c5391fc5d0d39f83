"""Programs of single operations, and the lines of MIL text that they are."""

from typing import Any

import attrs
import numpy as np
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Block, Operation
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.mil.text.writer import program_text
from coreml_stable_diffusion.domain.mil.value import StoredWeight
from coreml_stable_diffusion.domain.mil.value_type import NamedType, TensorType
from samples.mil_values import STORAGE
from samples.programs import program

FP16 = TensorType(DataType.FP16, (1, 2))
X = np.zeros((1, 2), np.float16)
BLOB = 'BLOBFILE(path = string("@model_path/w.bin"), offset = uint64(64))'


def spelled(*operations: Operation, version: int = 8, opset: str = "CoreML7") -> str:
    return "".join(program_text(made(*operations, version=version, opset=opset)))


def made(*operations: Operation, version: int = 8, opset: str = "CoreML7") -> Program:
    whole = program([], {"x": X}, {})
    function = attrs.evolve(
        whole.main_function,
        opset=opset,
        specializations={opset: Block(operations=operations, outputs=())},
    )
    description = attrs.evolve(whole.description, specification_version=version)
    return attrs.evolve(whole, description=description, functions={"main": function})


def line(operation: Operation, version: int = 8) -> str:
    return spelled(operation, version=version).splitlines()[3]


def relu(**fields: Any) -> Operation:
    given: dict[str, Any] = {"inputs": {"x": ("x",)}, "outputs": (NamedType("y", FP16),)}
    return Operation(type="relu", **(given | fields))


def stored(data_type: DataType, *shape: int) -> StoredWeight:
    return StoredWeight(TensorType(data_type, shape), "@model_path/w.bin", 64, STORAGE)
