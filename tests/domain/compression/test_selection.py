"""What becomes palettes is what coremltools would take, embedding tables left out."""

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.compression.palettization import Palettization
from coreml_stable_diffusion.domain.compression.selection import Candidate, Left, select
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.value import StoredWeight
from coreml_stable_diffusion.domain.mil.value_type import TensorType
from numpy.typing import NDArray
from samples.programs import const, operation, program

X = np.zeros((1, 64), np.float32)
SIX_BITS = Palettization(bits=6)


class Nowhere:
    def read(self, weight: StoredWeight) -> NDArray[np.generic]:
        raise NotImplementedError(weight)


def stored(shape: Sequence[int], data_type: DataType = DataType.FP16) -> Operation:
    weight = StoredWeight(TensorType(data_type, tuple(shape)), "w.bin", 64, Nowhere())
    return attrs.evolve(operation("const", ["w"]), attributes={"val": weight})


def decisions(
    steps: Sequence[Operation], palettization: Palettization = SIX_BITS, output: str = "y"
) -> Mapping[str, Candidate | Left]:
    made = program(steps, {"x": X}, {output: X})
    return {place.name: decision for place, decision in select(made, palettization)}


def test_a_matrix_that_an_operation_takes_becomes_palettes() -> None:
    chosen = decisions([stored([64, 64]), operation("linear", ["y"], x="x", weight="w")])

    assert isinstance(chosen["w"], Candidate)


@pytest.mark.parametrize("shape", [(32, 64), (4096,)])
def test_small_tensors_and_vectors_do_not_count(shape: tuple[int, ...]) -> None:
    assert decisions([stored(shape), operation("linear", ["y"], x="x", weight="w")]) == {}


def test_what_the_program_gives_back_or_nothing_takes_does_not_count() -> None:
    takes = operation("linear", ["y"], x="x", weight="w")

    assert decisions([stored([64, 64]), takes], output="w") == {}
    assert decisions([stored([64, 64]), operation("relu", ["y"], x="x")]) == {}


def test_embedding_tables_wait_until_they_are_asked_for() -> None:
    steps = [stored([64, 64]), operation("gather", ["y"], x="w", indices="x")]

    assert decisions(steps) == {"w": Left.EMBEDDING}
    asked = decisions(steps, Palettization(bits=6, include_embeddings=True))
    assert isinstance(asked["w"], Candidate)


def test_what_is_compressed_already_is_left_alone_with_what_it_is_made_of() -> None:
    steps = [
        stored([64, 64]),
        operation("constexpr_blockwise_shift_scale", ["v"], data="w"),
        operation("linear", ["y"], x="x", weight="v"),
    ]

    assert decisions(steps) == {"v": Left.COMPRESSED}


def test_float32_stays() -> None:
    steps = [stored([64, 64], DataType.FP32), operation("linear", ["y"], x="x", weight="w")]

    assert decisions(steps) == {"w": Left.NOT_FLOAT16}


@pytest.mark.parametrize(
    ("taker", "axis"),
    [
        (operation("conv", ["y"], x="x", weight="w"), 0),
        (operation("conv_transpose", ["y"], x="x", weight="w"), 1),
        (operation("matmul", ["y"], x="x", y="w", transpose_y="no"), 2),
        (operation("matmul", ["y"], x="x", y="w", transpose_y="yes"), 1),
        (operation("matmul", ["y"], x="w", y="x", transpose_x="no"), 1),
        (operation("matmul", ["y"], x="w", y="x"), 1),
        (operation("matmul", ["y"], x="w", y="x", transpose_x="yes"), 2),
    ],
)
def test_output_channels_are_where_the_operation_has_them(taker: Operation, axis: int) -> None:
    flags = [const("no", value=False), const("yes", value=True)]

    chosen = decisions([stored([64, 32, 16]), *flags, taker])["w"]

    assert isinstance(chosen, Candidate)
    assert chosen.axis == axis


def test_channels_that_make_no_whole_groups_stay() -> None:
    steps = [stored([40, 64]), operation("linear", ["y"], x="x", weight="w")]

    assert decisions(steps, Palettization(bits=4, group_size=16)) == {"w": Left.NO_GROUPS}


def test_operations_that_disagree_about_the_channels_allow_no_groups() -> None:
    steps = [
        stored([64, 64]),
        operation("linear", ["z"], x="x", weight="w"),
        operation("conv_transpose", ["y"], x="z", weight="w"),
    ]

    assert decisions(steps, Palettization(bits=4, group_size=16)) == {"w": Left.NO_GROUPS}
    assert isinstance(decisions(steps)["w"], Candidate)
