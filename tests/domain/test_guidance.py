"""Classifier-free guidance."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.guidance import guided, guides

NEGATIVE, POSITIVE = np.random.default_rng(2).standard_normal((2, 1, 4, 2, 2))


@pytest.mark.parametrize(("scale", "answer"), [(0.0, False), (1.0, False), (1.01, True)])
def test_guidance_has_an_effect_above_one_only(scale: float, answer: bool) -> None:
    assert guides(scale) is answer


def test_guidance_of_one_is_the_prompt_alone() -> None:
    np.testing.assert_allclose(guided(NEGATIVE, POSITIVE, 1.0), POSITIVE)


def test_guidance_moves_away_from_the_negative_prompt() -> None:
    np.testing.assert_allclose(guided(NEGATIVE, POSITIVE, 3.0), 3 * POSITIVE - 2 * NEGATIVE)
