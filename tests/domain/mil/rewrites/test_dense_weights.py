"""Operations that decompress become constants, which are computed when they are read."""

import numpy as np
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.rewrites.dense_weights import with_dense_weights
from coreml_stable_diffusion.domain.mil.value import StoredWeight
from samples.programs import const, constant, operation, program, shaped

X = np.zeros((2, 3), np.float32)
LUT = np.array([0.5, 1, 2, 4], np.float16).reshape(1, 1, 4, 1)
INDICES = np.array([[0, 1, 2], [3, 2, 1]], np.uint8)


def _dense(*steps: Operation) -> dict[str, Operation]:
    described = program([*steps, operation("add", ["y"], x="x", y="w")], {"x": X}, {"y": X})
    body = with_dense_weights(described.main_function).body
    return {each.outputs[0].name: each for each in body.operations}


def _weight(**arguments: object) -> Operation:
    given = {"indices": constant(INDICES), "lut": constant(LUT), **arguments}
    made = operation("constexpr_lut_to_dense", ["w"], **given)  # type: ignore[arg-type] # bindings
    return shaped(made, (2, 3), DataType.FP16)


def test_a_palettized_weight_is_a_constant_in_its_declared_type() -> None:
    made = _dense(_weight())["w"]
    value = made.attributes["val"]

    assert made.type == "const"
    assert isinstance(value, StoredWeight)
    assert value.array().dtype == np.float16
    np.testing.assert_array_equal(value.array(), [[0.5, 1, 2], [4, 2, 1]])


def test_what_it_is_given_may_be_a_constant_by_name() -> None:
    value = _dense(const("table", LUT), _weight(lut="table"))["w"].attributes["val"]

    assert isinstance(value, StoredWeight)
    np.testing.assert_array_equal(value.array(), [[0.5, 1, 2], [4, 2, 1]])


def test_with_an_argument_that_nobody_knows_it_stays() -> None:
    assert _dense(_weight(flavour=constant(1)))["w"].type == "constexpr_lut_to_dense"
