"""The use case with fakes of every port: what is loaded, drawn, told and refused."""

from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.prompt.syntax import PromptSyntax
from coreml_stable_diffusion.domain.request import GenerationRequest
from numpy.typing import NDArray
from samples.colour_world import FOLDER, World, grey, manifest


@pytest.mark.parametrize("scheduler", [None, "PNDM", "DPMSolverMultistep"])
@pytest.mark.parametrize("steps", [1, 5])
def test_the_picture_is_of_the_prompt(scheduler: str | None, steps: int) -> None:
    red, blue = (
        World().draw(prompt, scheduler=scheduler, num_inference_steps=steps)[0]
        for prompt in ("red", "blue")
    )

    assert red.pixels.shape == (24, 40, 3)
    assert grey(red) == pytest.approx(0.0, abs=0.02)
    assert grey(blue) == pytest.approx(1.0, abs=0.02)


def test_guidance_goes_past_the_prompt_away_from_the_negative_one() -> None:
    (picture,) = World().draw("red", negative_prompt="blue", guidance_scale=1.5)

    assert grey(picture) == pytest.approx(-0.5, abs=0.02)


def test_a_guidance_scale_left_out_is_the_models_own() -> None:
    world = World(manifest=manifest(guidance_scale=1.5))
    (picture,) = world.draw("red", negative_prompt="blue", guidance_scale=None)
    (same,) = world.draw("red", negative_prompt="blue", guidance_scale=1.5)

    assert np.array_equal(picture.pixels, same.pixels)
    assert grey(picture) != grey(*world.draw("red", negative_prompt="blue", guidance_scale=1.0))


def test_without_guidance_the_negative_prompt_is_not_even_encoded() -> None:
    world = World()
    world.draw("red", negative_prompt="blue", guidance_scale=1.0)

    assert len(world.networks["text_encoder"].calls) == 1


def test_pictures_have_seeds_one_after_another_and_each_can_be_made_alone() -> None:
    together = World().draw("red", images_per_prompt=3, num_inference_steps=2)
    world = World()
    world.draw("red", seed=3, num_inference_steps=2)

    assert [picture.seed for picture in together] == [1, 2, 3]
    first_sample = world.networks["unet"].calls[0]["sample"][:1]
    noise = np.random.RandomState(3).standard_normal((1, 4, 3, 5))
    assert np.array_equal(first_sample, noise.astype(np.float32).astype(np.float16))


def test_the_prompts_are_encoded_once_for_all_pictures() -> None:
    world = World()
    world.draw("red", images_per_prompt=3, guidance_scale=7.5)

    assert len(world.networks["text_encoder"].calls) == 2


def test_own_latents_are_where_the_denoising_starts() -> None:
    world = World()
    world.draw("red", latents=np.full((1, 4, 3, 5), 0.25), num_inference_steps=1)

    assert np.array_equal(np.unique(world.networks["unet"].calls[0]["sample"]), [0.25])


def test_every_denoising_step_is_told() -> None:
    world = World()
    world.draw("red", images_per_prompt=2, num_inference_steps=4, scheduler="DPMSolverMultistep")

    loading, *pictures = world.observer.tasks
    assert (loading.steps, loading.done) == (4, 4)
    assert [task.title for task in pictures] == ["Picture 1 of 2", "Picture 2 of 2"]
    assert [(task.steps, task.done, task.ended) for task in pictures] == [(4, 4, True)] * 2


@pytest.mark.parametrize("scheduler", ["Euler a", "DPM++ 2M SDE", "LCM"])
def test_a_stochastic_scheduler_draws_the_same_picture_for_the_same_seed(scheduler: str) -> None:
    def samples(seed: int, count: int) -> list[NDArray[np.floating]]:
        world, seen = World(), list[NDArray[np.floating]]()
        request = GenerationRequest(
            prompt="red",
            seed=seed,
            images_per_prompt=count,
            num_inference_steps=3,
            scheduler=scheduler,
        )
        loaded = world.load(FOLDER)
        list(world.generate(loaded, request, watch=lambda step: seen.append(step.sample)))
        return seen

    together, alone = samples(5, 2), samples(6, 1)

    assert np.array_equal(together[3:], alone)
    assert not np.array_equal(together[:3], alone)


def test_who_watches_sees_every_step_of_every_picture() -> None:
    world, seen = World(), list[int]()
    request = GenerationRequest(
        prompt="red", seed=1, images_per_prompt=2, num_inference_steps=3, scheduler="dpm++ 2m"
    )
    list(world.generate(world.load(FOLDER), request, watch=lambda step: seen.append(step.index)))

    assert seen == [0, 1, 2, 0, 1, 2]


def test_what_was_cut_from_the_prompt_is_told_and_kept() -> None:
    world = World()
    (picture,) = world.draw("red red red red blue red", num_inference_steps=1)

    assert picture.cut_prompt == "blue red"
    (note,) = world.observer.notes
    assert note == "The prompt is longer than 4 tokens; this was left out: blue red"


def test_of_a_long_rest_the_beginning_is_told() -> None:
    world = World()
    (picture,) = world.draw("red " * 5000, num_inference_steps=1)

    assert len(picture.cut_prompt) > 10_000
    (note,) = world.observer.notes
    assert note.endswith("red ... and so on")
    assert len(note) < 300


def test_a_break_without_room_is_told() -> None:
    world = World()
    (picture,) = world.draw(
        "(red:1.2) BREAK blue", prompt_syntax=PromptSyntax.A1111, num_inference_steps=1
    )

    assert picture.cut_prompt == "blue"
    assert world.observer.notes == [
        "The prompt is longer than 4 tokens (BREAK begins a new part); this was left out: blue"
    ]


def test_a_negative_prompt_that_is_cut_is_told() -> None:
    world = World()
    (picture,) = world.draw(
        "red", negative_prompt="blue " * 5, guidance_scale=7.5, num_inference_steps=1
    )

    assert picture.cut_prompt == ""
    assert world.observer.notes == [
        "The negative prompt is longer than 4 tokens; this was left out: blue"
    ]


def test_a_flagged_picture_is_black_and_told() -> None:
    world = World(flagged=1.0)
    (picture,) = world.draw("red", num_inference_steps=1)

    assert picture.flagged
    assert not picture.pixels.any()
    assert world.observer.notes == ["The safety checker blacked out the picture of seed 1"]


def test_a_picture_that_is_not_flagged_is_as_it_was_decoded() -> None:
    (picture,) = World().draw("red", num_inference_steps=1)

    assert not picture.flagged
    assert picture.pixels.any()


def test_a_folder_without_a_safety_checker_draws_unchecked() -> None:
    drawing = (Component.TEXT_ENCODER, Component.UNET, Component.VAE_DECODER)
    world = World(flagged=1.0, manifest=manifest(*drawing, safety_preprocessing=None))
    (picture,) = world.draw("red", num_inference_steps=1)

    assert not picture.flagged


def test_a_loaded_pipeline_draws_again_without_loading() -> None:
    world = World()
    pipeline = world.load(FOLDER)
    request = GenerationRequest(prompt="red", seed=5, num_inference_steps=2)

    first, second = (list(world.generate(pipeline, request)) for _ in range(2))

    assert first == second
    assert len(world.runtime.loaded) == 4


@pytest.mark.parametrize(
    ("option", "settings"),
    [
        ("--steps", {"num_inference_steps": 1001}),
        ("latents", {"latents": np.zeros((1, 4, 8, 8))}),
    ],
    ids=["steps", "latents"],
)
def test_what_the_model_cannot_meet_is_refused_at_once(
    option: str, settings: dict[str, Any]
) -> None:
    world = World()
    pipeline = world.load(FOLDER)
    request = GenerationRequest(prompt="red", seed=1, **settings)

    with pytest.raises(InvalidRequest, match=f"^{option}: "):
        world.generate(pipeline, request)
