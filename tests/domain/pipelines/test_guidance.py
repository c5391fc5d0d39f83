"""Classifier-free guidance."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.pipelines.guidance import Guidance

NEGATIVE, POSITIVE = np.random.default_rng(2).standard_normal((2, 1, 4, 2, 2))


@pytest.mark.parametrize(("scale", "answer"), [(0.0, False), (1.0, False), (1.01, True)])
def test_guidance_has_an_effect_above_one_only(scale: float, answer: bool) -> None:
    assert Guidance(scale=scale).guides is answer


def test_a_single_prediction_is_what_it_is() -> None:
    assert Guidance(scale=7.5).combined([POSITIVE]) is POSITIVE


def test_guidance_of_one_is_the_prompt_alone() -> None:
    np.testing.assert_allclose(Guidance(scale=1.0).combined([NEGATIVE, POSITIVE]), POSITIVE)


def test_guidance_moves_away_from_the_negative_prompt() -> None:
    combined = Guidance(scale=3.0).combined([NEGATIVE, POSITIVE])

    np.testing.assert_allclose(combined, 3 * POSITIVE - 2 * NEGATIVE)
