"""Where programs differ."""

from typing import Any

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.difference import differences
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.mil.value import StoredWeight
from coreml_stable_diffusion.domain.mil.value_type import TensorType, Unknown
from numpy.typing import ArrayLike, NDArray
from samples.programs import constant, operation, program, tensor_type

X = np.zeros((2, 3), np.float32)


class Memory:
    """A storage of one array."""

    def __init__(self, array: NDArray[np.generic]) -> None:
        self._array = array

    def read(self, weight: StoredWeight) -> NDArray[np.generic]:
        del weight
        return self._array


def weighted(content: ArrayLike, offset: int = 64) -> Operation:
    array = np.asarray(content, np.float32)
    weight = StoredWeight(tensor_type(array), "@model_path/w.bin", offset, Memory(array))
    return attrs.evolve(operation("const", ["w"]), attributes={"val": weight})


def example(*steps: Operation) -> Program:
    return program([*steps, operation("relu", ["y"], x="x")], {"x": X}, {"y": X})


def told(first: Program, second: Program) -> list[str]:
    return [f"{each.place}: {each.first} | {each.second}" for each in differences(first, second)]


def test_a_program_does_not_differ_from_itself() -> None:
    assert told(example(weighted([1.0, 2])), example(weighted([1.0, 2]))) == []


def test_where_weights_lie_is_no_difference() -> None:
    assert told(example(weighted([1.0, 2])), example(weighted([1.0, 2], offset=128))) == []


def test_weights_that_differ_are_counted() -> None:
    assert told(example(weighted([1.0, 2, 0.0])), example(weighted([1.0, 3, -0.0]))) == [
        "weight val of const (w): 3 elements | 2 of them differ"
    ]


def quantized(*order: str) -> Operation:
    held = {"data": [1.0, 2, 3], "scale": [4.0], "offset": [5.0]}
    weights = {name: weighted(held[name]).attributes["val"] for name in order}
    return operation("constexpr_affine_dequantize", ["w"], **weights)


def test_weights_are_held_against_those_of_the_same_name() -> None:
    first, second = quantized("data", "scale", "offset"), quantized("offset", "data", "scale")

    assert told(example(first), example(second)) == []


def test_the_first_operation_that_differs_is_told() -> None:
    first = example(operation("add", ["a"], x="x", y=constant(1.0)), operation("mul", ["b"], x="a"))
    second = example(
        operation("add", ["a"], x="x", y=constant(2.0)), operation("sub", ["c"], x="a")
    )

    assert told(first, second) == ["function main, operation 1, its inputs: add (a) | add (a)"]


def test_operations_that_only_one_has_are_counted() -> None:
    first = example()
    block = first.main_function.body
    twice = attrs.evolve(block, operations=(*block.operations, operation("exp", ["e"], x="y")))
    function = attrs.evolve(first.main_function, specializations={"CoreML7": twice})

    assert told(first, attrs.evolve(first, functions={"main": function})) == [
        "function main, operations: 1 | 2"
    ]


def test_a_function_that_only_one_has_is_told() -> None:
    first = example()
    functions = {**first.functions, "other": first.main_function}

    assert told(first, attrs.evolve(first, functions=functions)) == [
        "function other: absent | present"
    ]


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"specification_version": 7}, "description, specification version: 8 | 7"),
        ({"metadata": {"author": "me"}}, "metadata author: absent | 'me'"),
        ({"message": b"other bytes"}, None),
    ],
)
def test_what_the_model_says_is_compared(change: dict[str, Any], difference: str | None) -> None:
    first = example()
    second = attrs.evolve(first, description=attrs.evolve(first.description, **change))

    assert told(first, second) == ([difference] if difference else [])


def test_another_shape_at_the_edge_is_told() -> None:
    first = example()
    [x] = first.description.inputs
    wider = attrs.evolve(first.description, inputs=(attrs.evolve(x, shape=(2, 4)),))

    assert told(first, attrs.evolve(first, description=wider)) == [
        "input x: (2, 3), float32 | (2, 4), float32"
    ]


def test_what_a_function_takes_and_gives_is_told_as_mil_text() -> None:
    first = example()
    main = first.main_function
    [x] = main.inputs
    wider = attrs.evolve(x, type=TensorType(DataType.FP16, (2, Unknown.DIMENSION)))
    second = attrs.evolve(first, functions={"main": attrs.evolve(main, inputs=(wider,))})

    assert told(first, second) == [
        "function main, inputs: (tensor<fp32, [2, 3]> x) | (tensor<fp16, [2, ?]> x)"
    ]
