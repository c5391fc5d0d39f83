"""Values compare by what they hold."""

from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.value import TensorValue
from coreml_stable_diffusion.domain.mil.value_type import TensorType
from samples.programs import constant, tensor_type


def test_values_of_the_same_bits_are_equal() -> None:
    assert constant([1.0, np.nan]) == constant([1.0, np.nan])


def test_the_sign_of_zero_counts() -> None:
    assert constant([0.0]) != constant([-0.0])


def test_another_shape_is_another_value() -> None:
    assert _value(np.zeros((2, 3), "f4")) != _value(np.zeros((3, 2), "f4"))


def test_another_element_type_is_another_value() -> None:
    assert _value(np.zeros(2, "f4")) != _value(np.zeros(2, "i4"))


def test_texts_are_values() -> None:
    assert constant("valid") == constant("valid") != constant("same")


@pytest.mark.parametrize("size", [-1, 2**63])
def test_a_size_that_no_array_has_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"{size} is no size"):
        TensorType(DataType.FP16, (2, size))


def _value(array: Any) -> TensorValue:
    found: TensorType = tensor_type(array)
    return TensorValue(found, array)
