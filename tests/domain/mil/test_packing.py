"""Packed elements beside whole-number arithmetic on the same bytes."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.packing import pack, unpack
from hypothesis import given
from hypothesis import strategies as st

NARROW = [
    DataType.UINT1,
    DataType.UINT2,
    DataType.UINT3,
    DataType.UINT4,
    DataType.UINT6,
    DataType.INT4,
]


@given(data_type=st.sampled_from(NARROW), data=st.data())
def test_elements_are_the_digits_of_one_number_lowest_first(
    data_type: DataType, data: st.DataObject
) -> None:
    base = 2**data_type.bits
    elements = data.draw(st.lists(st.integers(0, base - 1)))
    whole = sum(element * base**place for place, element in enumerate(elements))
    stored = whole.to_bytes(data_type.stored_bytes(len(elements)), "little")

    unpacked = unpack(np.frombuffer(stored, np.uint8), data_type, len(elements))

    assert [int(each) % base for each in unpacked] == elements


@pytest.mark.parametrize("data_type", NARROW)
@pytest.mark.parametrize("count", [0, 1, 8, 2**17, 2**17 + 9])
def test_what_was_packed_is_found_again(data_type: DataType, count: int) -> None:
    least, most = (-8, 8) if data_type is DataType.INT4 else (0, 2**data_type.bits)
    dtype = np.int8 if least else np.uint8
    elements = np.random.default_rng(count).integers(least, most, count).astype(dtype)

    packed = pack(elements, data_type)

    assert np.array_equal(unpack(packed, data_type, count), elements)


def test_bits_that_the_type_has_not_are_left_out() -> None:
    assert pack(np.array([0xFF, 0x40], np.uint8), DataType.UINT6).tolist() == [0b111111, 0]


def test_four_bits_with_a_sign_reach_from_minus_eight_to_seven() -> None:
    assert unpack(np.array([0x87, 0xF0], np.uint8), DataType.INT4, 4).tolist() == [7, -8, 0, -1]


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u2", "u4", "u8"])
def test_whole_bytes_are_little_endian(dtype: str) -> None:
    array = np.array([1, 2, 100], dtype=f"<{dtype}")
    kind = next(each for each in DataType if each.numpy == array.dtype and each.bits >= 8)

    assert np.array_equal(unpack(array.view(np.uint8), kind, 3), array)


def test_bfloat16_is_the_upper_half_of_float32() -> None:
    stored = np.array([0x3FC0, 0xC000], "<u2").view(np.uint8)

    assert unpack(stored, DataType.BF16, 2).tolist() == [1.5, -2.0]


def test_too_few_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="2 bytes where 3 of fp16 take 6"):
        unpack(np.zeros(2, np.uint8), DataType.FP16, 3)


def test_strings_are_in_no_bytes() -> None:
    with pytest.raises(ValueError, match="strings"):
        unpack(np.zeros(0, np.uint8), DataType.STRING, 1)
