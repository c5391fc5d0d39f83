"""Programs whose declared types are not what they compute: fast may rely on none of them."""

from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.network import build_network
from coreml_stable_diffusion.adapters.reference.packed_layers import PackedConvolution
from coreml_stable_diffusion.domain.errors import PredictionError
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.value_type import TensorType
from samples.programs import constant, operation, program, shaped
from torch import ones

X = np.random.default_rng(0).standard_normal((1, 8, 6, 4)).astype(np.float32)


def _computed(mode: Mode, *steps: Operation) -> Any:
    described = program(steps, {"x": X}, {"y": X})
    return build_network(Path("some.mlpackage"), described, mode).predict({"x": X})["y"]


def _both(*steps: Operation) -> tuple[Any, Any]:
    return _computed(Mode.FAST, *steps), _computed(Mode.EXACT, *steps)


def test_a_cast_to_whole_numbers_declared_as_floats_cuts_them() -> None:
    fast, exact = _both(
        shaped(operation("cast", ["whole"], x="x", dtype=constant("int32")), X.shape),
        shaped(operation("relu", ["y"], x="whole"), X.shape),
    )

    np.testing.assert_array_equal(fast, exact)


@pytest.mark.parametrize("groups", [2, 8])
def test_groups_are_those_that_are_computed_not_those_that_are_declared(groups: int) -> None:
    declared, told = (1, 4, 2, 6, 4), constant([1, groups, 8 // groups, 6, 4])
    over = {"axes": constant([2, 3, 4]), "keep_dims": constant(value=True)}
    fast, exact = _both(
        shaped(operation("reshape", ["grouped"], x="x", shape=told), declared),
        operation("reduce_mean", ["mean"], x="grouped", **over),
        operation("sub", ["centred"], x="grouped", y="mean"),
        operation("square", ["squared"], x="centred"),
        operation("reduce_mean", ["variance"], x="squared", **over),
        operation("add", ["raised"], x="variance", y=constant(1e-5)),
        operation("sqrt", ["deviation"], x="raised"),
        operation("real_div", ["divided"], x="centred", y="deviation"),
        shaped(operation("reshape", ["y"], x="divided", shape=constant(X.shape)), X.shape),
    )

    np.testing.assert_allclose(fast, exact, atol=1e-5)


def test_halves_that_are_none_are_no_gate() -> None:
    sizes = {"axis": constant(1), "split_sizes": constant([1, 7])}
    halves = operation("split", ["states", "gated"], x="a", **sizes)
    half = TensorType(DataType.FP32, (1, 4, 6, 4))
    fast, exact = _both(
        shaped(operation("conv", ["a"], x="x", weight=constant(np.ones((8, 8, 1, 1)))), X.shape),
        attrs.evolve(
            halves, outputs=tuple(attrs.evolve(each, type=half) for each in halves.outputs)
        ),
        operation("gelu", ["gate"], x="gated"),
        operation("mul", ["y"], x="states", y="gate"),
    )

    np.testing.assert_allclose(fast, exact, atol=1e-4)


def test_a_sum_is_no_part_of_a_layer_where_its_terms_are_not_as_declared() -> None:
    weight = constant(np.ones((8, 8, 3, 3), np.float32))
    steps = [
        shaped(operation("conv", ["a"], x="x", weight=weight, pad_type=constant("same")), X.shape),
        shaped(operation("reduce_max", ["b"], x="x", axes=constant([2, 3])), X.shape),
        shaped(operation("add", ["y"], x="a", y="b"), X.shape),
    ]

    with pytest.raises(PredictionError, match=r"b has shape \(1, 8\) where .* is declared"):
        _computed(Mode.FAST, *steps)


def test_a_packed_convolution_reads_nothing_beyond_the_end_of_what_it_adds() -> None:
    layer = PackedConvolution(
        weight=ones(8, 8, 3, 3),
        bias=None,
        padding=(1, 1),
        strides=(1, 1),
        dilations=(1, 1),
        groups=1,
    )

    with pytest.raises(ValueError, match=r"\(1, 4, 6, 4\) is added to \(1, 8, 6, 4\)"):
        layer(ones(1, 8, 6, 4), ones(1, 4, 6, 4))
