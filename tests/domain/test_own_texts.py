"""Texts that somebody else has encoded."""

from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.own_texts import OwnTexts
from coreml_stable_diffusion.domain.tensor import TensorSpec

STATES = TensorSpec(name="encoder_hidden_states", shape=(2, 8, 1, 77), dtype="float16")
EMBEDS = np.arange(77 * 8, dtype=np.float32).reshape(1, 77, 8)


def test_embeddings_of_diffusers_are_laid_out_for_apples_packages() -> None:
    texts = OwnTexts.of(EMBEDS, 2 * EMBEDS)

    assert texts is not None
    assert np.array_equal(texts.prompt.hidden_states[0, :, 0, :], EMBEDS[0].T)
    assert texts.negative is not None
    assert np.array_equal(texts.negative.hidden_states, 2 * texts.prompt.hidden_states)
    texts.require_fit(STATES, pools=False)


def test_without_embeddings_there_are_none() -> None:
    assert OwnTexts.of(None) is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([None, EMBEDS], "negative_prompt_embeds: they have no prompt_embeds beside them"),
        ([None, None, EMBEDS[:, 0]], "pooled_prompt_embeds: they have no prompt_embeds beside"),
        ([EMBEDS, None, None, EMBEDS[:, 0]], "negative_pooled_prompt_embeds: they have no neg"),
        ([EMBEDS[0]], r"prompt_embeds: shape \(77, 8\) is not \(1, length, width\)"),
        ([EMBEDS, np.full_like(EMBEDS, np.nan)], "negative_prompt_embeds: .* finite numbers"),
    ],
)
def test_other_arrays_are_refused(given: list[Any], told: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^{told}"):
        OwnTexts.of(*given)


def test_what_does_not_fit_the_unet_is_refused() -> None:
    texts = OwnTexts.of(EMBEDS[:, :76])

    assert texts is not None
    with pytest.raises(InvalidRequest, match=r"^prompt_embeds: shape \(1, 76, 8\) is not \(1, 77"):
        texts.require_fit(STATES, pools=False)


def test_xl_needs_them_pooled_too() -> None:
    texts = OwnTexts.of(EMBEDS)

    assert texts is not None
    with pytest.raises(InvalidRequest, match="give pooled_prompt_embeds, too"):
        texts.require_fit(STATES, pools=True)


def test_only_xl_takes_them_pooled() -> None:
    texts = OwnTexts.of(EMBEDS, EMBEDS, np.ones((1, 3)), np.ones((1, 3)))

    assert texts is not None
    texts.require_fit(STATES, pools=True)
    with pytest.raises(InvalidRequest, match=r"^pooled_prompt_embeds: only Stable Diffusion XL"):
        texts.require_fit(STATES, pools=False)
