"""What a callback may do to the drawing, as with diffusers' pipelines."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion import Generation, StableDiffusion
from coreml_stable_diffusion.domain.errors import InvalidRequest
from fakes.networks import FakeNetworkRuntime

SETTINGS: dict[str, Any] = {"seed": 1, "num_inference_steps": 4, "scheduler": "Euler"}


@pytest.fixture
def pipeline(model_folder: Path, runtime: FakeNetworkRuntime) -> StableDiffusion:
    assert runtime.loaded == []
    return StableDiffusion.from_pretrained(model_folder, quiet=True)


def latents(pipeline: StableDiffusion, **settings: Any) -> Generation:
    return pipeline("a circle", output_type="latent", **SETTINGS | settings)


@pytest.mark.parametrize("of_torch", [False, True])
def test_returned_latents_are_gone_on_from(pipeline: StableDiffusion, of_torch: bool) -> None:
    other = np.full((1, 4, 3, 5), 3.0, dtype=np.float32)

    def change(_: object, step: int, __: float, values: dict[str, Any]) -> dict[str, Any]:
        values["latents"] = torch.from_numpy(other) if of_torch else other
        return values if step == 1 else {}

    seen = latents(pipeline, callback_on_step_end=change)

    # The networks of the sample let the noise pass, so that no step moves them.
    assert np.array_equal(seen.images, other)


def test_an_interruption_leaves_every_picture_as_it_is_then(pipeline: StableDiffusion) -> None:
    steps: list[int] = []

    def interrupt(caller: Any, step: int, _: float, values: dict[str, Any]) -> dict[str, Any]:
        steps.append(step)
        caller._interrupt = step == 1
        return values

    drawn = pipeline(
        "a circle", num_images_per_prompt=2, callback_on_step_end=interrupt, **SETTINGS
    )

    assert steps == [0, 1, 0, 1]
    assert len(drawn.images) == 2
    assert len(latents(pipeline).images) == 1


def test_an_interruption_stops_no_other_call(pipeline: StableDiffusion) -> None:
    steps: list[int] = []

    def interrupt(caller: Any, *_: object) -> None:
        caller._interrupt = True

    def watch(_: object, step: int, *__: object) -> None:
        steps.append(step)
        if step == 1:
            # Between two steps of the first, as another thread would.
            pipeline("a star", callback_on_step_end=interrupt, **SETTINGS)

    pipeline("a circle", callback_on_step_end=watch, **SETTINGS)

    assert steps == [0, 1, 2, 3]


def test_an_interruption_of_the_pipeline_stops_what_it_draws(pipeline: StableDiffusion) -> None:
    steps: list[int] = []

    def interrupt(_: object, step: int, *__: object) -> None:
        steps.append(step)
        pipeline._interrupt = step == 1

    for _ in range(2):
        pipeline("a circle", callback_on_step_end=interrupt, **SETTINGS)

    assert steps == [0, 1, 0, 1]


@pytest.mark.parametrize("output_type", ["pil", "np", "latent"])
def test_nothing_is_returned_of_what_was_ended(pipeline: StableDiffusion, output_type: str) -> None:
    drawn = pipeline(
        "a circle", output_type=output_type, callback_on_step_end=lambda *_: False, **SETTINGS
    )

    assert len(drawn.images) == 0


@pytest.mark.parametrize(
    ("output_type", "shape"), [("np", (0, 24, 40, 3)), ("latent", (0, 4, 3, 5))]
)
def test_arrays_of_no_pictures_have_the_axes_of_others(
    pipeline: StableDiffusion, output_type: str, shape: tuple[int, ...]
) -> None:
    images = pipeline(
        "a circle", output_type=output_type, callback_on_step_end=lambda *_: False, **SETTINGS
    ).images

    assert (images.shape, images.dtype) == (shape, np.float32)


def test_a_comparison_of_numpy_ends_it_too(pipeline: StableDiffusion) -> None:
    seen: list[int] = []

    def watch(_: object, step: int, __: float, values: dict[str, Any]) -> Any:
        seen.append(step)
        return values["denoised"].std() < 0

    assert pipeline("a circle", callback_on_step_end=watch, **SETTINGS).images == []
    assert seen == [0]


@pytest.mark.parametrize("returned", [np.zeros((1, 4, 3, 6)), np.full((1, 4, 3, 5), np.nan)])
def test_latents_that_cannot_be_gone_on_from_are_refused(
    pipeline: StableDiffusion, returned: Any
) -> None:
    with pytest.raises(InvalidRequest, match=r"^callback_on_step_end: the latents that it return"):
        latents(pipeline, callback_on_step_end=lambda *_: {"latents": returned})
