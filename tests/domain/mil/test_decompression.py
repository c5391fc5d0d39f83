"""Weights stored small become exactly what coremltools makes of them."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.mil.decompression import DECOMPRESSIONS, lut_to_dense
from coremltools.converters.mil.mil.ops.defs.iOS18.compression import constexpr_lut_to_dense
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples.cases.case import Case, assert_close
from samples.cases.catalogue import CASES
from samples.folding import oracle


def test_every_operation_that_decompresses_is_known() -> None:
    assert {name for name in CASES if name.startswith("constexpr_")} == DECOMPRESSIONS.keys()


@pytest.mark.parametrize("name", DECOMPRESSIONS)
def test_weights_are_those_of_the_oracle(name: str) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(CASES[name], st.just(name))
    def check(case: Case, kind: str) -> None:
        arrays = {each: np.asarray(value) for each, value in case.arguments.items()}

        made = DECOMPRESSIONS[kind](**arrays)

        expected = oracle(kind, case)
        results = made if isinstance(made, tuple) else (made,)
        declared = [one.astype(other.dtype) for one, other in zip(results, expected, strict=True)]
        assert_close(declared, expected)

    check()


def test_vectors_of_a_palette_are_laid_along_their_axis() -> None:
    """The example in coremltools' documentation of the iOS18 operation."""
    indices = np.array([[[0, 0], [1, 0]], [[1, 1], [0, 0]]], np.uint8)
    lut = np.array([[1, 2, 3], [4, 5, 6]], np.float32).reshape(1, 1, 1, 2, 3)
    expected = constexpr_lut_to_dense.decompress(indices, lut, 1)

    computed = lut_to_dense(indices, lut, vector_axis=np.array(1))

    assert np.array_equal(computed, expected)
    assert expected.shape == (2, 6, 2)
