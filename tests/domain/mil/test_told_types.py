"""Which types count where a program contradicts itself."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.told_types import told_types
from coreml_stable_diffusion.domain.mil.value_type import TensorType, ValueType
from samples.programs import const, constant, operation, program, shaped

X = np.zeros((2, 6), np.float32)


def _told(*steps: Operation) -> ValueType:
    return told_types(program(steps, {"x": X}, {"y": X}).main_function)["y"]


def _reshape(*told: int) -> ValueType:
    return _told(
        const("sizes", list(told)),
        shaped(operation("reshape", ["y"], x="x", shape="sizes"), (3, 4)),
    )


@pytest.mark.parametrize("told", [(3, 4), (3, -1), (0, 4)])
def test_a_declared_shape_counts_where_constants_allow_it(told: tuple[int, ...]) -> None:
    assert _reshape(*told) == TensorType(DataType.FP32, (3, 4))


@pytest.mark.parametrize("told", [(4, 3), (2, -1), (12,), (3, 4, 1)])
def test_a_declared_shape_does_not_count_where_constants_say_otherwise(
    told: tuple[int, ...],
) -> None:
    declared = _reshape(*told)

    assert isinstance(declared, TensorType)
    assert declared.shape is None


def test_a_cast_gives_the_type_that_its_word_names() -> None:
    step = shaped(operation("cast", ["y"], x="x", dtype=constant("int32")), (2, 6))

    assert _told(step) == TensorType(DataType.INT32, (2, 6))


def test_a_constant_has_the_type_of_its_value() -> None:
    assert _told(shaped(const("y", np.zeros(3, np.float32)), (5,))) == TensorType(
        DataType.FP32, (3,)
    )


@pytest.mark.parametrize(("sizes", "known"), [([3, 3], True), ([2, 4], False)])
def test_parts_have_their_declared_shape_where_they_are_cut_so(
    sizes: list[int], known: bool
) -> None:
    step = operation("split", ["y"], x="x", axis=constant(-1), split_sizes=constant(sizes))
    told = _told(shaped(step, (2, 3)))

    assert isinstance(told, TensorType)
    assert (told.shape == (2, 3)) == known
