"""MIL text of compressed weights by hand, for the rules of section 2.5 of Apple's format."""

from typing import Any

import attrs
import pytest
from coreml_stable_diffusion.domain.mil.data_type import DataType
from samples.mil_lines import BLOB, line, relu, stored
from samples.mil_values import tensor
from samples.programs import constant


def test_2_5_operands_are_written_where_the_program_has_them() -> None:
    weight = stored(DataType.FP16, 1, 2)
    scale = tensor(DataType.FP16, [1, 2])

    in_attributes = line(relu(inputs={}, attributes={"data": weight, "scale": scale}), 9)
    in_arguments = line(relu(inputs={"data": (weight,), "scale": (scale,)}), 9)

    blob = f"tensor<fp16, [1, 2]>({BLOB})"
    scales = "tensor<fp16, [2]>([0x1p+0, 0x1p+1])"
    assert in_attributes.endswith(f"relu()[data = {blob}, scale = {scales}];")
    assert in_arguments.endswith(f"relu(data = {blob}, scale = {scales});")


@pytest.mark.parametrize(
    ("kind", "attributes", "text"),
    [
        (
            "constexpr_affine_dequantize",
            {
                "quantized_data": stored(DataType.UINT8, 2, 3),
                "zero_point": tensor(DataType.UINT8, [7, 8]),
                "scale": tensor(DataType.FP16, [0.5, 2]),
                "axis": constant(0),
                "name": constant("w"),
            },
            (
                '[axis = int32(0), name = string("w"), '
                "quantized_data = tensor<uint8, [2, 3]>(BLOB), "
                "scale = tensor<fp16, [2]>([0x1p-1, 0x1p+1]), "
                "zero_point = tensor<uint8, [2]>([7, 8])]"
            ),
        ),
        (
            "constexpr_lut_to_dense",
            {
                "indices": stored(DataType.UINT8, 3),
                "lut": tensor(DataType.FP16, [1, 2]),
                "shape": tensor(DataType.UINT32, [4, 6]),
            },
            (
                "[indices = tensor<uint8, [3]>(BLOB), lut = tensor<fp16, [2]>([0x1p+0, 0x1p+1]), "
                "shape = tensor<uint32, [2]>([4, 6])]"
            ),
        ),
        (
            "constexpr_sparse_to_dense",
            {
                "mask": stored(DataType.UINT8, 3),
                "nonzero_data": stored(DataType.FP16, 9),
                "shape": tensor(DataType.UINT32, [4, 6]),
            },
            (
                "[mask = tensor<uint8, [3]>(BLOB), nonzero_data = tensor<fp16, [9]>(BLOB), "
                "shape = tensor<uint32, [2]>([4, 6])]"
            ),
        ),
    ],
)
def test_2_5_compressed_weights_of_ios16_have_attributes(
    kind: str, attributes: dict[str, Any], text: str
) -> None:
    step = attrs.evolve(relu(inputs={}, attributes=attributes), type=kind)

    assert line(step, 9).endswith(f" y = {kind}(){text};".replace("BLOB", BLOB))


@pytest.mark.parametrize(
    ("kind", "inputs", "text"),
    [
        (
            "constexpr_blockwise_shift_scale",
            {"data": stored(DataType.INT4, 2, 4), "scale": tensor(DataType.FP16, [[0.5, 2]])},
            "(data = tensor<int4, [2, 4]>(BLOB), scale = tensor<fp16, [1, 2]>([[0x1p-1, 0x1p+1]]))",
        ),
        (
            "constexpr_lut_to_dense",
            {"indices": stored(DataType.UINT4, 2, 4), "lut": stored(DataType.FP16, 1, 1, 16, 1)},
            "(indices = tensor<uint4, [2, 4]>(BLOB), lut = tensor<fp16, [1, 1, 16, 1]>(BLOB))",
        ),
        (
            "constexpr_sparse_to_dense",
            {"nonzero_data": stored(DataType.FP16, 3), "mask": stored(DataType.UINT1, 2, 4)},
            "(mask = tensor<uint1, [2, 4]>(BLOB), nonzero_data = tensor<fp16, [3]>(BLOB))",
        ),
    ],
)
def test_2_5_compressed_weights_of_ios18_have_arguments(
    kind: str, inputs: dict[str, Any], text: str
) -> None:
    step = relu(
        inputs={name: (value,) for name, value in inputs.items()},
        attributes={"name": constant("w")},
    )

    assert line(attrs.evolve(step, type=kind), 9).endswith(
        f' y = {kind}{text}[name = string("w")];'.replace("BLOB", BLOB)
    )
