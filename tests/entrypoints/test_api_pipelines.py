"""What the Python interface takes beside a prompt, with networks of one line each."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion import StableDiffusion
from coreml_stable_diffusion.domain.errors import InvalidRequest
from fakes.networks import FakeNetwork, FakeNetworkRuntime
from PIL import Image

GREY = np.full((24, 40, 3), 90, dtype=np.uint8)
MASK = np.zeros((24, 40), dtype=np.uint8)
MASK[:, 20:] = 255
EMBEDS = np.full((2, 77, 8), 0.25, dtype=np.float32)


@pytest.fixture
def pipeline(model_folder: Path, runtime: FakeNetworkRuntime) -> StableDiffusion:
    assert runtime.loaded == []
    return StableDiffusion.from_pretrained(model_folder, quiet=True)


def draw(pipeline: StableDiffusion, *prompts: Any, **settings: Any) -> Any:
    return pipeline(*prompts, **{"num_inference_steps": 2, **settings})


def test_several_prompts_have_seeds_one_after_another(pipeline: StableDiffusion) -> None:
    together = draw(pipeline, ["a circle", "a star"], num_images_per_prompt=2, seed=7)
    alone = draw(pipeline, "a star", seed=9)

    assert together.seeds == [7, 8, 9, 10]
    assert together.images[2] == alone.images[0]


def test_a_seed_has_as_many_bits_as_its_numbers_take(pipeline: StableDiffusion) -> None:
    assert draw(pipeline, "a circle", seed=2**40, rng="torch").seeds == [2**40]
    with pytest.raises(InvalidRequest, match=r"^seed: 1099511627776 is not .*, as numpy's"):
        draw(pipeline, "a circle", seed=2**40)


def test_a_generator_stands_for_its_seed_and_pytorchs_numbers(pipeline: StableDiffusion) -> None:
    generated = draw(pipeline, "a circle", generator=torch.Generator().manual_seed(5))

    assert generated.seeds == [5]
    unseeded = torch.Generator()
    assert draw(pipeline, "a circle", generator=unseeded).seeds == [unseeded.initial_seed()]
    assert generated.images == draw(pipeline, "a circle", seed=5, rng="torch").images


def test_a_list_of_generators_has_one_for_each_picture(pipeline: StableDiffusion) -> None:
    generators = [torch.Generator().manual_seed(seed) for seed in (5, 9)]

    together = draw(pipeline, "a circle", num_images_per_prompt=2, generator=generators)

    assert together.seeds == [5, 9]
    assert together.images[1] == draw(pipeline, "a circle", seed=9, rng="torch").images[0]


def test_embeddings_are_drawn_from_without_a_prompt(
    pipeline: StableDiffusion, runtime: FakeNetworkRuntime
) -> None:
    drawn = draw(pipeline, prompt_embeds=EMBEDS, negative_prompt_embeds=EMBEDS, seed=1)

    assert len(drawn.images) == 2
    unet = runtime.networks["Stable_Diffusion_version_sample_unet.mlpackage"]
    assert isinstance(unet, FakeNetwork)
    seen = unet.calls
    assert np.array_equal(np.unique(seen[0]["encoder_hidden_states"]), [0.25])


def test_each_prompt_may_change_a_picture_of_its_own(pipeline: StableDiffusion) -> None:
    darker = GREY // 2
    prompts = ["a circle", "a square"]
    settings: dict[str, Any] = {"mask_image": [MASK, MASK], "seed": 1}

    together = draw(pipeline, prompts, image=[GREY, Image.fromarray(darker)], **settings)

    for drawn, picture in zip(together.images, (GREY, darker), strict=True):
        assert np.array_equal(np.asarray(drawn)[:, :20], picture[:, :20])
    stacked = draw(pipeline, prompts, image=np.stack([GREY, darker]), **settings)
    assert [each.tobytes() for each in stacked.images] == [
        each.tobytes() for each in together.images
    ]


@pytest.mark.parametrize(
    "mask",
    [MASK, MASK[:, :, np.newaxis], MASK / 255, MASK > 0, Image.fromarray(MASK)],
    ids=["bytes", "one channel", "floats", "truths", "Pillow"],
)
def test_outside_of_a_mask_pixels_are_kept_to_the_bit(pipeline: StableDiffusion, mask: Any) -> None:
    drawn = draw(pipeline, "a circle", image=GREY, mask_image=mask, keep_outside=True, seed=1)

    pixels = np.asarray(drawn.images[0])
    assert np.array_equal(pixels[:, :20], GREY[:, :20])
    assert not np.array_equal(pixels[:, 20:], GREY[:, 20:])


def test_a_control_image_reaches_its_controlnet(pipeline: StableDiffusion) -> None:
    settings: dict[str, Any] = {"seed": 1, "guidance_scale": 1.0}
    plain = draw(pipeline, "a circle", **settings)

    controlled = draw(pipeline, "a circle", control_image=GREY, controlnet="edges", **settings)
    without = draw(
        pipeline, "a circle", control_image=GREY, controlnet_conditioning_scale=0.0, **settings
    )

    assert controlled.images != plain.images
    assert without.images == plain.images


def test_a_callback_that_says_no_ends_it_all(pipeline: StableDiffusion) -> None:
    seen: list[int] = []

    def watch(_: object, step: int, __: float, ___: object) -> bool:
        seen.append(step)
        return step < 1

    drawn = draw(pipeline, ["a circle", "a star"], seed=1, callback_on_step_end=watch)

    assert drawn.images == []
    assert seen == [0, 1]


def test_a_preview_is_a_small_picture_of_where_a_step_is_heading(
    pipeline: StableDiffusion,
) -> None:
    previews: list[Image.Image] = []
    draw(
        pipeline,
        "a circle",
        callback_on_step_end=lambda caller, _, __, values: previews.append(
            caller.preview(values["denoised"])
        ),
    )

    assert {each.size for each in previews} == {(5, 3)}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "prompt: give either prompts or prompt_embeds"),
        ({"prompt": "a", "prompt_embeds": EMBEDS}, "prompt: give either prompts or"),
        ({"prompt": 3}, "prompt: 3 is not text"),
        ({"prompt": [3]}, "prompt: 3 is not text"),
        ({"prompt": b"a"}, "prompt: b'a' is not text"),
        ({"prompt": "a", "negative_prompt": 3}, "negative_prompt: 3 is not text"),
        ({"prompt": "a", "callback_on_step_end": 5}, "callback_on_step_end: 5 cannot be called"),
        ({"prompt": []}, "prompt: the list is empty"),
        ({"prompt": ["a", "b"], "negative_prompt": ["c"]}, "negative_prompt: 1 negative prompts"),
        ({"prompt_embeds": EMBEDS, "negative_prompt_embeds": EMBEDS[:1]}, "negative_prompt_embeds"),
        ({"prompt": ["a", "b"], "latents": np.zeros((1, 4, 3, 5))}, "latents: shape"),
        ({"prompt": "a", "generator": torch.Generator(), "seed": 1}, "generator: it has a seed"),
        ({"prompt": "a", "generator": [torch.Generator()] * 2}, "generator: 2 generators for 1"),
        ({"prompt": "a", "num_images_per_prompt": 0}, "num_images_per_prompt: 0 is less than 1"),
        ({"prompt": "a", "seed": "b"}, "seed: 'b' is not a whole number"),
        ({"prompt": "a", "seed": -1}, "seed: -1 is less than 0"),
        ({"prompt": "a", "rng": "dice"}, "rng: 'dice' is none of numpy, torch, cuda"),
        ({"prompt": "a", "mask_image": MASK}, "mask_image: there is no picture to change"),
        (
            {"prompt": "a", "image": GREY, "mask_image": MASK[:3]},
            "mask_image: it has 40 x 3 pixels",
        ),
        ({"prompt": "a", "image": [GREY, GREY]}, "image: 2 pictures for 1 prompts"),
        ({"prompt": "a", "image": GREY, "keep_outside": True}, "keep_outside: there is no mask"),
        ({"prompt": "a", "control_image": [GREY] * 2}, "control_image: 2 control images for 0"),
        ({"prompt": "a", "guess_mode": True}, "guess_mode: there is no control image"),
        ({"prompt": "a", "guidance_rescale": 1.5}, "guidance_rescale: 1.5 is not from 0 to 1"),
        ({"prompt": "a", "width": 41}, "width: no picture of 41 x any pixels"),
    ],
)
def test_what_cannot_be_met_is_refused(
    pipeline: StableDiffusion, settings: dict[str, Any], told: str
) -> None:
    with pytest.raises(InvalidRequest) as error:
        pipeline(**settings)
    assert str(error.value).startswith(told)


def test_an_unknown_argument_is_a_programmers_mistake(pipeline: StableDiffusion) -> None:
    with pytest.raises(TypeError, match="there is no argument 'stepps'; the nearest is"):
        draw(pipeline, "a circle", stepps=3)
