"""What programs that were written for diffusers hand over, taken or refused by its name."""

from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.size_conditions import SizeConditions
from coreml_stable_diffusion.entrypoints.further_arguments import size_conditions

PARAMETERS = ("prompt", "num_inference_steps", "guidance_scale")


@pytest.mark.parametrize("handed", [["latents"], ("latents", "denoised"), [], None])
def test_sizes_are_told_and_what_changes_nothing_is_taken(handed: Any) -> None:
    unchanging: dict[str, Any] = {
        "return_dict": True,
        "cross_attention_kwargs": None,
        "control_guidance_end": 1.0,
        "callback_on_step_end_tensor_inputs": handed,
    }

    told = size_conditions({"original_size": (8, 9), **unchanging}, PARAMETERS)

    assert told == SizeConditions(original_size=(8, 9))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"return_dict": False}, "return_dict: such a value .* `images`"),
        ({"cross_attention_kwargs": {"scale": 1}}, "cross_attention_kwargs: .* convert --lora"),
        ({"callback": print}, "callback: .* callback_on_step_end is called"),
        ({"control_guidance_start": 0.5}, "control_guidance_start: .* guide every step"),
        (
            {"callback_on_step_end_tensor_inputs": ["latents", "prompt_embeds"]},
            "callback_on_step_end_tensor_inputs: 'prompt_embeds' is not handed",
        ),
        ({"callback_on_step_end_tensor_inputs": 5}, "callback_on_step_end_tensor_inputs: 5 is not"),
    ],
)
def test_what_diffusers_does_and_this_does_not_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^{told}"):
        size_conditions(given, PARAMETERS)


@pytest.mark.parametrize(
    ("typo", "near"),
    [
        ("num_inference_stepps", "num_inference_steps"),
        ("target", "target_size"),
        ("callback_tensor_inputs", "callback_on_step_end_tensor_inputs"),
    ],
)
def test_what_nobody_knows_is_told_with_the_nearest(typo: str, near: str) -> None:
    with pytest.raises(TypeError, match=f"^there is no argument '{typo}'; the nearest is '{near}'"):
        size_conditions({typo: 3}, PARAMETERS)


def test_arrays_are_refused_as_all_else() -> None:
    with pytest.raises(InvalidRequest, match=r"^ip_adapter_image: "):
        size_conditions({"ip_adapter_image": np.zeros((2, 3))}, PARAMETERS)
