"""Fidelity in figures that can be worked out by hand or by torch."""

import math

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.fidelity import (
    cosine_similarity,
    psnr_db,
    relative_l2_error,
    tensor_psnr_db,
)

RNG = np.random.default_rng(3)
REFERENCE, OUTPUT = RNG.standard_normal((2, 3, 4, 5)).astype(np.float32)


def test_pictures_that_differ_by_one_everywhere_have_48_db() -> None:
    pixels = RNG.integers(0, 255, size=(8, 8, 3), dtype=np.uint8)

    assert psnr_db(pixels + 1, pixels) == pytest.approx(20 * math.log10(255))


def test_equal_pictures_have_no_end_of_fidelity() -> None:
    pixels = np.full((4, 4, 3), 7, dtype=np.uint8)

    assert psnr_db(pixels, pixels) == math.inf


def test_dark_minus_light_does_not_wrap_around() -> None:
    black, white = np.zeros((2, 2, 3), np.uint8), np.full((2, 2, 3), 255, np.uint8)

    assert psnr_db(black, white) == pytest.approx(0.0)


def test_tensor_psnr_takes_the_peak_of_the_reference() -> None:
    reference = np.array([0.0, -4.0, 2.0], dtype=np.float32)
    output = reference + np.array([0.3, -0.3, 0.3], dtype=np.float32)

    assert tensor_psnr_db(output, reference) == pytest.approx(20 * math.log10(4 / 0.3), abs=1e-4)


def test_an_equal_tensor_has_apples_highest_figure() -> None:
    ones = np.ones(5, dtype=np.float32)

    assert tensor_psnr_db(ones, ones) == pytest.approx(200, abs=1e-3)


def test_relative_error_is_that_of_torch() -> None:
    output, reference = torch.from_numpy(OUTPUT), torch.from_numpy(REFERENCE)
    expected = torch.linalg.norm(output - reference) / torch.linalg.norm(reference)

    assert relative_l2_error(OUTPUT, REFERENCE) == pytest.approx(expected.item(), rel=1e-5)


def test_cosine_is_that_of_torch() -> None:
    expected = torch.cosine_similarity(
        torch.from_numpy(OUTPUT).ravel(), torch.from_numpy(REFERENCE).ravel(), dim=0
    )

    assert cosine_similarity(OUTPUT, REFERENCE) == pytest.approx(expected.item(), rel=1e-5)


def test_zeros_are_measured_without_dividing_by_them() -> None:
    zeros = np.zeros_like(REFERENCE)

    assert relative_l2_error(zeros, zeros) == 0.0
    assert relative_l2_error(OUTPUT, zeros) == math.inf
    assert cosine_similarity(OUTPUT, zeros) == 0.0


@pytest.mark.parametrize("measure", [tensor_psnr_db, relative_l2_error, cosine_similarity])
def test_tensors_of_different_shapes_cannot_be_compared(measure: object) -> None:
    assert callable(measure)
    with pytest.raises(ValueError, match="cannot be compared"):
        measure(OUTPUT, OUTPUT[:1])
