"""A program in figures."""

import attrs
import numpy as np
from coreml_stable_diffusion.domain.inspection import inspect_program
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.value import StoredWeight
from coreml_stable_diffusion.domain.mil.value_type import TensorType
from samples.mil_values import STORAGE
from samples.programs import operation, program

X = np.zeros((2, 3), np.float32)


def stored(name: str, shape: tuple[int, ...], offset: int, kind: DataType) -> Operation:
    weight = StoredWeight(TensorType(kind, shape), "@model_path/w.bin", offset, STORAGE)
    return attrs.evolve(operation("const", [name]), attributes={"val": weight})


INSPECTION = inspect_program(
    program(
        [
            stored("small", (2, 2), 64, DataType.FP16),
            stored("same", (2, 2), 64, DataType.FP16),
            stored("large", (3, 5), 128, DataType.FP16),
            stored("narrow", (5,), 256, DataType.UINT4),
            operation("add", ["a"], x="x", y="small"),
            operation("relu", ["b"], x="a"),
            operation("add", ["y"], x="b", y="large"),
        ],
        {"x": X},
        {"y": X},
    )
)


def test_operations_are_counted_the_most_frequent_first_without_constants() -> None:
    assert list(INSPECTION.operations.items()) == [("add", 2), ("relu", 1)]


def test_weights_come_once_each_the_largest_first() -> None:
    assert [(each.name, each.bytes) for each in INSPECTION.weights] == [
        ("large", 30),
        ("small", 8),
        ("narrow", 3),
    ]
    assert INSPECTION.weights[0].type == "tensor<fp16, [3, 5]>"


def test_bytes_are_added_up_by_storage() -> None:
    shares = [(each.storage, each.tensors, each.bytes) for each in INSPECTION.storage]

    assert shares == [("Float16", 2, 38), ("UInt4", 1, 3)]
    assert INSPECTION.weight_bytes == 41


def test_the_edge_and_the_systems_are_told() -> None:
    assert [each.name for each in INSPECTION.inputs] == ["x"]
    assert [each.name for each in INSPECTION.outputs] == ["y"]
    assert INSPECTION.opset == "CoreML7"
    assert INSPECTION.oldest_systems == "iOS 17, macOS 14"
