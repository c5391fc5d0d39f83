"""How weights are stored, by the operation that unpacks them."""

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.storage_type import storage_type
from coreml_stable_diffusion.domain.mil.value import StoredWeight, TensorValue
from coreml_stable_diffusion.domain.mil.value_type import TensorType
from samples.mil_values import STORAGE
from samples.programs import operation


def weight(data_type: DataType) -> StoredWeight:
    return StoredWeight(TensorType(data_type, (6,)), "@model_path/w.bin", 64, STORAGE)


@pytest.mark.parametrize(
    ("kind", "argument", "data_type", "storage"),
    [
        ("const", "val", DataType.FP16, "Float16"),
        ("constexpr_affine_dequantize", "quantized_data", DataType.UINT8, "UInt8"),
        ("constexpr_blockwise_shift_scale", "data", DataType.INT4, "Int4"),
        ("constexpr_lut_to_dense", "indices", DataType.UINT3, "Palettized (3 bits)"),
        ("constexpr_lut_to_dense", "lut", DataType.FP16, "Float16"),
        ("constexpr_lut_to_sparse", "indices_nonzero_data", DataType.UINT4, "Palettized (4 bits)"),
        ("constexpr_lut_to_sparse", "indices_mask", DataType.UINT1, "Sparse"),
        ("constexpr_sparse_to_dense", "mask", DataType.UINT8, "Sparse"),
        ("constexpr_sparse_to_dense", "nonzero_data", DataType.FP16, "Float16"),
    ],
)
def test_the_argument_tells_how_a_weight_is_stored(
    kind: str, argument: str, data_type: DataType, storage: str
) -> None:
    assert storage_type(operation(kind, ["y"]), argument, weight(data_type)) == storage


@pytest.mark.parametrize(("entries", "bits"), [(2, 1), (4, 2), (16, 4), (64, 6), (256, 8)])
def test_indices_in_whole_bytes_are_as_wide_as_their_palette_is_long(
    entries: int, bits: int
) -> None:
    lut = TensorValue(TensorType(DataType.FP16, (entries,)), np.zeros(entries, np.float16))
    step = attrs.evolve(operation("constexpr_lut_to_dense", ["y"]), attributes={"lut": lut})

    assert storage_type(step, "indices", weight(DataType.UINT8)) == f"Palettized ({bits} bits)"
