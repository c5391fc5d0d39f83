"""The sizes that Stable Diffusion XL is told."""

import math
from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.size_conditions import SizeConditions

SIZES = SizeConditions(
    original_size=(1, 2),
    crops_coords_top_left=(3, 4),
    target_size=(5, 6),
    negative_target_size=(7, 8),
)


def test_left_out_they_are_those_of_the_picture() -> None:
    assert np.array_equal(SizeConditions().time_ids((64, 96), 6), [[64, 96, 0, 0, 64, 96]])


def test_the_negative_prompts_are_the_prompts_where_they_are_left_out() -> None:
    assert np.array_equal(SIZES.time_ids((64, 96), 6), [[1, 2, 3, 4, 5, 6]])
    assert np.array_equal(SIZES.time_ids((64, 96), 6, negative=True), [[1, 2, 3, 4, 7, 8]])


def test_a_refiner_is_told_scores() -> None:
    assert np.array_equal(SIZES.time_ids((64, 96), 5), [[1, 2, 3, 4, 6.0]])
    assert np.array_equal(SIZES.time_ids((64, 96), 5, negative=True), [[1, 2, 3, 4, 2.5]])


@pytest.mark.parametrize(
    "size", [(5, -1), (5,), (5, math.nan), (math.inf, 5), (5, 0.5), [5, -1], 5, "55"]
)
def test_what_is_no_size_is_refused(size: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"^--target-size: .+ is not two whole"):
        SizeConditions(target_size=size)


@pytest.mark.parametrize("score", [math.nan, math.inf, "6"])
def test_what_is_no_score_is_refused(score: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"^--negative-aesthetic-score: "):
        SizeConditions(negative_aesthetic_score=score)
