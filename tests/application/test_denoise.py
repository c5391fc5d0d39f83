"""What whoever watches the steps may ask for."""

from collections.abc import Callable

import numpy as np
import pytest
from coreml_stable_diffusion.application.denoise import Denoise, DenoisedLatents
from coreml_stable_diffusion.application.watching import Course, Reply
from coreml_stable_diffusion.domain.pipelines.denoise import DenoisingStep
from coreml_stable_diffusion.domain.request import GenerationRequest
from samples.colour_world import FOLDER, World


def denoised(
    world: World, watch: Callable[[DenoisingStep], Reply | None], *, low_memory: bool = False
) -> list[DenoisedLatents]:
    request = GenerationRequest(
        prompt="red red red red blue",
        seed=3,
        images_per_prompt=2,
        num_inference_steps=4,
        scheduler="Euler",
    )
    pipeline = world.load(FOLDER, low_memory=low_memory)
    return list(Denoise(observer=world.observer)(pipeline, request, watch))


def test_latents_come_with_their_seed_and_what_was_cut() -> None:
    found = denoised(World(), lambda _: None)

    assert [each.seed for each in found] == [3, 4]
    assert {each.cut_prompt for each in found} == {"blue"}


@pytest.mark.parametrize(
    ("course", "taken", "pictures"), [(Course.FINISH, 4, 2), (Course.END, 2, 0), (Course.ON, 8, 2)]
)
def test_the_course_that_is_wished_is_taken(course: Course, taken: int, pictures: int) -> None:
    seen: list[DenoisingStep] = []

    def watch(step: DenoisingStep) -> Reply:
        seen.append(step)
        return Reply(course=course if step.index == 1 else Course.ON)

    found = denoised(World(), watch)

    assert len(seen) == taken
    assert len(found) == pictures
    if course is Course.FINISH:
        assert np.array_equal(found[0].latents, seen[1].sample)


def test_the_next_step_sets_out_from_the_sample_that_is_wished() -> None:
    world, other = World(), np.full((1, 4, 3, 5), 9.0, dtype=np.float32)

    found = denoised(world, lambda step: Reply(sample=other) if step.index in (1, 3) else None)

    third = world.networks["unet"].calls[2]["sample"]
    assert len(np.unique(third)) == 1
    assert np.array_equal(found[0].latents, other)


def test_a_finish_before_the_end_releases_the_unet_too() -> None:
    world = World()
    denoised(world, lambda _: Reply(course=Course.FINISH), low_memory=True)

    # The first time only its edge was looked at.
    loaded = [name for name, _ in world.runtime.loaded]
    assert loaded == ["unet", "text_encoder", "unet", "unet"]
