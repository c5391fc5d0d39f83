"""A request is valid or is not built, and says which option is at fault."""

from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.randomness.kind import RandomKind
from coreml_stable_diffusion.domain.request import GenerationRequest


def request(**settings: Any) -> GenerationRequest:
    wanted: dict[str, Any] = {"prompt": "a star", "seed": 93}
    return GenerationRequest(**wanted | settings)


@pytest.mark.parametrize(
    ("option", "settings"),
    [
        ("--steps", {"num_inference_steps": 0}),
        ("--steps", {"num_inference_steps": -3}),
        ("--steps", {"num_inference_steps": 2.5}),
        ("--guidance-scale", {"guidance_scale": "7"}),
        ("--guidance-rescale", {"guidance_rescale": "0.5"}),
        ("--refiner-start", {"refiner_start": "0.5"}),
        ("--timesteps", {"timesteps": ("9", "5")}),
        ("--sigmas", {"sigmas": (9.0, None)}),
        ("--eta", {"eta": "1"}),
        ("--scheduler", {"scheduler": ["DDIM"]}),
        ("PROMPT", {"prompt": 3}),
        ("--negative-prompt", {"negative_prompt": b"blurry"}),
        ("--clip-skip", {"clip_skip": -1}),
        ("--clip-skip", {"clip_skip": 2}),
        ("--seed", {"seed": -1}),
        ("--seed", {"seed": 2**32}),
        ("--seed", {"seed": 2**64, "rng": RandomKind.CUDA}),
        ("--seed", {"seed": "93"}),
        ("--seed", {"seed": 2**32 - 1, "images_per_prompt": 2}),
        ("--images", {"images_per_prompt": 0}),
        ("--guidance-scale", {"guidance_scale": -0.1}),
        ("--guidance-scale", {"guidance_scale": float("nan")}),
        ("--guidance-scale", {"guidance_scale": float("inf")}),
        ("--guidance-scale", {"guidance_scale": 10**400}),
        ("--scheduler", {"scheduler": "PNDN"}),
        ("PROMPT", {"prompt": "\udcff"}),
        ("--negative-prompt", {"negative_prompt": "\ud800"}),
        ("latents", {"latents": np.zeros((4, 3, 5))}),
        ("latents", {"latents": np.zeros((2, 4, 3, 5))}),
        ("latents", {"latents": np.full((1, 4, 3, 5), np.nan)}),
        ("latents", {"latents": np.zeros((1, 4, 3, 5), dtype=int)}),
    ],
    ids=str,
)
def test_what_cannot_be_met_is_refused_by_its_option(option: str, settings: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        request(**settings)

    assert caught.value.option == option


@pytest.mark.parametrize(
    "settings",
    [
        {"prompt": ""},
        {"seed": 0},
        {"seed": 2**32 - 1},
        {"seed": 2**64 - 1, "rng": RandomKind.TORCH},
        {"seed": np.int64(7)},
        {"guidance_scale": 0},
        {"guidance_scale": 1.0},
        {"num_inference_steps": 1},
        {"scheduler": "dpm++ 2m"},
        {"latents": np.zeros((3, 4, 3, 5)), "images_per_prompt": 3},
    ],
    ids=str,
)
def test_what_can_be_met_is_a_request(settings: dict[str, Any]) -> None:
    assert request(**settings).prompt == settings.get("prompt", "a star")


def test_every_picture_has_the_next_seed() -> None:
    assert list(request(images_per_prompt=3).seeds) == [93, 94, 95]


def test_requests_with_equal_latents_are_equal() -> None:
    assert request(latents=np.ones((1, 4, 3, 5))) == request(latents=np.ones((1, 4, 3, 5)))
    assert request(latents=np.ones((1, 4, 3, 5))) != request(latents=np.zeros((1, 4, 3, 5)))
