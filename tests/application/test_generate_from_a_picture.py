"""The use case with fakes of every port, where a picture is given to be changed."""

from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import InvalidRequest, MissingComponent
from coreml_stable_diffusion.domain.pictures.source_picture import SourcePicture
from coreml_stable_diffusion.domain.request import GenerationRequest
from samples.colour_world import FOLDER, SCHEDULE, SCHEDULER, World, grey, manifest

WITHOUT_ENCODER = (Component.TEXT_ENCODER, Component.UNET, Component.VAE_DECODER)


def source(*, strength: float = 0.5, height: int = 24, width: int = 40) -> SourcePicture:
    return SourcePicture(pixels=np.full((height, width, 3), 64, np.uint8), strength=strength)


def test_the_picture_becomes_what_the_prompt_says() -> None:
    (picture,) = World().draw("blue", source=source(strength=1.0), num_inference_steps=10)

    assert grey(picture) == pytest.approx(1.0, abs=0.02)


def test_the_unet_first_sees_the_picture_under_the_noise_of_the_first_kept_timestep() -> None:
    world = World()
    world.draw("red", source=source(), num_inference_steps=10, scheduler="DDIM", seed=4)

    seen = world.networks["unet"].calls[0]
    stream = np.random.RandomState(4)
    _, noise = (stream.standard_normal((1, 4, 3, 5)) for _ in range(2))
    level = SCHEDULE.level(int(seen["timestep"][0]))
    latents = 0.5 * (2 * (64 / 255 * 2 - 1) + 2)
    expected = level.signal * latents + level.noise * noise
    np.testing.assert_allclose(seen["sample"][:1].astype(np.float64), expected, atol=5e-3)


@pytest.mark.parametrize(("strength", "taken"), [(0.1, 1), (0.3, 3), (0.99, 9), (1.0, 10)])
def test_as_many_steps_are_taken_and_told_as_the_strength_keeps(
    strength: float, taken: int
) -> None:
    world, seen = World(), list[int]()
    request = GenerationRequest(
        prompt="red",
        seed=1,
        guidance_scale=1.0,
        num_inference_steps=10,
        scheduler="Euler",
        source=source(strength=strength),
    )
    list(world.generate(world.load(FOLDER), request, watch=lambda step: seen.append(step.index)))

    task = world.observer.tasks[-1]
    assert (task.steps, task.done) == (taken, taken)
    assert seen == list(range(taken))


def test_the_source_is_encoded_once_for_all_pictures() -> None:
    world = World()
    together = world.draw("red", source=source(), images_per_prompt=3, num_inference_steps=4)

    assert [picture.seed for picture in together] == [1, 2, 3]
    assert len(world.networks["vae_encoder"].calls) == 1


def test_each_picture_can_be_made_again_alone() -> None:
    settings: dict[str, Any] = {
        "source": source(),
        "num_inference_steps": 4,
        "scheduler": "Euler a",
    }
    *_, last = World().draw("red", seed=1, images_per_prompt=3, **settings)

    assert [last] == World().draw("red", seed=3, **settings)


@pytest.mark.parametrize(
    ("height", "width", "note"),
    [
        (24, 40, []),
        (48, 80, ["The picture was resized from 80 x 48 to 40 x 24 pixels"]),
        (
            30,
            40,
            ["The picture was resized from 40 x 30 to 40 x 24 pixels, which changes its shape"],
        ),
    ],
)
def test_a_picture_of_another_size_is_resized_and_told(
    height: int, width: int, note: list[str]
) -> None:
    world = World()
    world.draw("red", source=source(height=height, width=width), num_inference_steps=2)

    assert world.observer.notes == note
    assert world.networks["vae_encoder"].calls[0]["x"].shape == (1, 3, 24, 40)


def test_the_encoder_is_loaded_only_when_a_picture_is_given() -> None:
    world = World()
    world.draw("red", num_inference_steps=1)
    before = [name for name, _ in world.runtime.loaded]
    world.draw("red", source=source(), num_inference_steps=2)

    assert "vae_encoder" not in before
    assert world.runtime.loaded[-1][0] == "vae_encoder"


def test_the_encoder_is_not_loaded_again_for_another_picture() -> None:
    world = World()
    pipeline = world.load(FOLDER)
    request = GenerationRequest(prompt="red", seed=1, source=source(), num_inference_steps=4)
    for _ in range(2):
        list(world.generate(pipeline, request))

    assert len(world.runtime.loaded) == 5


def test_a_folder_without_an_encoder_refuses_a_picture_before_anything_is_loaded() -> None:
    world = World(manifest=manifest(*WITHOUT_ENCODER, safety_preprocessing=None))
    pipeline = world.load(FOLDER)

    with pytest.raises(MissingComponent, match="vae_encoder"):
        world.generate(pipeline, GenerationRequest(prompt="red", seed=1, source=source()))
    assert world.runtime.loaded == []


def test_a_strength_too_little_for_one_step_is_no_request() -> None:
    with pytest.raises(InvalidRequest, match=r"^--strength: 0.01 of 25 steps is less than one"):
        GenerationRequest(prompt="red", seed=1, source=source(strength=0.01))


@pytest.mark.parametrize("strength", [0.3, 0.5, 1.0])
def test_pndm_begins_without_its_warm_up_where_a_picture_is_changed(strength: float) -> None:
    warming = World(manifest=manifest(scheduler={**SCHEDULER, "skip_prk_steps": False}))
    changed = {"source": source(strength=strength), "num_inference_steps": 10}

    assert warming.draw("red", **changed) == World().draw("red", **changed)
