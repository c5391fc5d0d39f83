"""Types and values by hand, for each rule of Apple's format; the numbers are the sections.

The rules were found by comparing packages with what Apple's compiler made of them.
"""

from typing import Any

import pytest
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.text.dialect import NEW, OLD
from coreml_stable_diffusion.domain.mil.text.literal_writer import type_text, value_text
from coreml_stable_diffusion.domain.mil.value import (
    ListValue,
    StoredWeight,
    TupleValue,
    Value,
)
from coreml_stable_diffusion.domain.mil.value_type import (
    DictionaryType,
    ListType,
    StateType,
    TensorType,
    TupleType,
    Unknown,
)
from samples.mil_values import STORAGE, tensor, texts
from samples.programs import constant

STRING = TensorType(DataType.STRING)
FP16 = TensorType(DataType.FP16, (1, 2))


# 2.2 Types


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        (TensorType(DataType.FP16, (1, Unknown.DIMENSION)), "tensor<fp16, [1, ?]>"),
        (TensorType(DataType.INT32, (Unknown.DIMENSIONS,)), "tensor<int32, [...]>"),
        (ListType(TensorType(DataType.INT32, (2,))), "list<tensor<int32, [2]>, ?>"),
        (StateType(FP16), "state<tensor<fp16, [1, 2]>>"),
    ],
)
def test_2_2_types_of_any_rank_are_alike_in_both_styles(declared: Any, text: str) -> None:
    assert type_text(declared, OLD) == type_text(declared, NEW) == text


ELEMENTS = (
    "bool string fp16 fp32 fp64 bf16 int4 int8 int16 int32 int64"
    " uint1 uint2 uint3 uint4 uint6 uint8 uint16 uint32 uint64"
)


def test_2_2_every_element_type_has_its_name() -> None:
    for name in ELEMENTS.split():
        scalar = TensorType(DataType(name))

        assert type_text(scalar, NEW) == name
        assert type_text(scalar, OLD) == f"tensor<{name}, []>"
        assert type_text(TensorType(DataType(name), (2, 3)), NEW) == f"tensor<{name}, [2, 3]>"


def test_2_2_the_new_style_writes_scalars_bare_everywhere() -> None:
    declared = TupleType((STRING, DictionaryType(STRING, TensorType(DataType.FP16))))

    assert type_text(declared, NEW) == "tuple<string, dict<string, fp16>>"
    assert type_text(declared, OLD) == (
        "tuple<tensor<string, []>, dict<tensor<string, []>, tensor<fp16, []>>>"
    )


# 2.4 Values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (tensor(DataType.INT8, -1), "int8(-1)"),
        (tensor(DataType.INT4, [-8, 7]), "tensor<int4, [2]>([-8, 7])"),
        (tensor(DataType.UINT4, 15), "uint4(15)"),
        (tensor(DataType.INT16, -32768), "int16(-32768)"),
        (tensor(DataType.UINT16, 65535), "uint16(65535)"),
        (tensor(DataType.UINT32, 2**32 - 1), "uint32(4294967295)"),
        (tensor(DataType.UINT64, 2**64 - 1), "uint64(18446744073709551615)"),
        (tensor(DataType.INT64, -(2**63)), "int64(-9223372036854775808)"),
        (tensor(DataType.INT8, [[[1]], [[2]]]), "tensor<int8, [2, 1, 1]>([[[1]], [[2]]])"),
        (tensor(DataType.BOOL, [True, False]), "tensor<bool, [2]>([true, false])"),
        (tensor(DataType.INT32, [[1, 2], [3, 4]]), "tensor<int32, [2, 2]>([[1, 2], [3, 4]])"),
        (tensor(DataType.STRING, 'a "b" \\ c\nd'), r'string("a \"b\" \\ c\nd")'),
        (tensor(DataType.STRING, "Grüße"), 'string("Grüße")'),
        (tensor(DataType.FP16, 0.1875), "fp16(0x1.8p-3)"),
        (tensor(DataType.FP16, 0.0), "fp16(0x0p+0)"),
        (tensor(DataType.FP16, -0.0), "fp16(-0x0p+0)"),
        (tensor(DataType.FP16, 2.0**-24), "fp16(0x1p-24)"),
        (tensor(DataType.FP16, 65504), "fp16(0x1.ffcp+15)"),
        (tensor(DataType.FP32, 0.1), "fp32(0x1.99999ap-4)"),
        (tensor(DataType.FP32, 16), "fp32(0x1p+4)"),
        (texts({"k": "v", "l": "w"}), 'dict<string, string>({{"k", "v"}, {"l", "w"}})'),
        (
            TupleValue(TupleType((STRING, STRING)), (constant("a"), constant("b"))),
            'tuple<string, string>(("a", "b"))',
        ),
        (
            ListValue(ListType(STRING, 2), (constant("a"), constant("b"))),
            'list<string, 2>(("a", "b"))',
        ),
    ],
)  # fmt: skip
def test_2_4_values_in_the_new_style(value: Value, text: str) -> None:
    assert value_text(value, NEW) == text


def test_2_4_scalars_in_the_old_style_have_their_rank() -> None:
    assert value_text(constant(1.0), OLD) == "tensor<fp32, []>(0x1p+0)"


def test_2_4_a_stored_weight_is_named_by_its_file_and_record() -> None:
    weight = StoredWeight(FP16, "@model_path/weights/weight.bin", 64, STORAGE)

    assert value_text(weight, NEW) == (
        'tensor<fp16, [1, 2]>(BLOBFILE(path = string("@model_path/weights/weight.bin"), '
        "offset = uint64(64)))"
    )
    assert value_text(weight, OLD) == (
        'tensor<fp16, [1, 2]>(BLOBFILE(path = tensor<string, []>("@model_path/weights/weight.bin"),'
        " offset = tensor<uint64, []>(64)))"
    )
