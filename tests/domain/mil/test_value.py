"""Values compare by what they hold."""

from typing import Any

import numpy as np
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


def _value(array: Any) -> TensorValue:
    found: TensorType = tensor_type(array)
    return TensorValue(found, array)
