"""The Python interface, with networks of one line each."""

from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion import StableDiffusion
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.schedulers.prediction import Sample
from fakes.networks import FakeNetwork, FakeNetworkRuntime
from PIL import Image
from samples.scripted_conversion import ScriptedConversion


@pytest.fixture
def pipeline(model_folder: Path, runtime: FakeNetworkRuntime) -> StableDiffusion:
    assert runtime.loaded == []
    return StableDiffusion.from_pretrained(model_folder, quiet=True)


def test_a_call_returns_pillow_images_and_their_seeds(pipeline: StableDiffusion) -> None:
    drawn = pipeline("a circle", num_inference_steps=2, num_images_per_prompt=2, seed=7)

    assert [image.size for image in drawn.images] == [(40, 24), (40, 24)]
    assert all(isinstance(image, Image.Image) for image in drawn.images)
    assert drawn.seeds == [7, 8]
    assert drawn.nsfw_content_detected == [False, False]


def test_arrays_are_the_same_pictures_from_0_to_1(pipeline: StableDiffusion) -> None:
    image = pipeline("a circle", num_inference_steps=2, seed=7).images[0]

    arrays = pipeline("a circle", num_inference_steps=2, seed=7, output_type="np").images

    assert arrays.shape == (1, 24, 40, 3)
    assert np.array_equal(arrays[0], np.asarray(image).astype(np.float32) / np.float32(255))


def test_latents_are_those_of_the_last_step_and_nothing_decodes_them(
    pipeline: StableDiffusion, runtime: FakeNetworkRuntime
) -> None:
    seen: list[Sample] = []
    drawn = pipeline(
        ["a circle", "a star"],
        num_inference_steps=2,
        scheduler="Euler",
        seed=7,
        output_type="latent",
        callback_on_step_end=lambda _, __, ___, values: seen.append(values["latents"]),
    )

    assert drawn.images.dtype == np.float32
    assert np.array_equal(drawn.images, np.concatenate([seen[1], seen[3]]))
    assert (drawn.seeds, drawn.nsfw_content_detected) == ([7, 8], [])
    decoder = runtime.networks["Stable_Diffusion_version_sample_vae_decoder.mlpackage"]
    assert isinstance(decoder, FakeNetwork)
    assert decoder.calls == []


def test_a_seed_that_was_chosen_makes_the_picture_again(pipeline: StableDiffusion) -> None:
    first = pipeline("a circle", num_inference_steps=1)

    again = pipeline("a circle", num_inference_steps=1, seed=first.seeds[0])

    assert first.images == again.images


def test_own_latents_go_before_the_seed(pipeline: StableDiffusion) -> None:
    latents = np.full((1, 4, 3, 5), 0.25)

    first = pipeline("a circle", num_inference_steps=1, seed=1, latents=latents)
    second = pipeline("a circle", num_inference_steps=1, seed=2, latents=latents)

    assert first.images == second.images


def test_the_callback_sees_every_step_as_in_diffusers(pipeline: StableDiffusion) -> None:
    seen: list[tuple[object, int, tuple[int, ...]]] = []

    def watch(caller: StableDiffusion, step: int, _: float, values: dict[str, Sample]) -> None:
        seen.append((caller.manifest, step, values["latents"].shape))

    pipeline(
        "a circle",
        num_inference_steps=3,
        scheduler="DPMSolverMultistepScheduler",
        callback_on_step_end=watch,
    )

    assert seen == [(pipeline.manifest, step, (1, 4, 3, 5)) for step in range(3)]


def test_the_compute_unit_reaches_every_network(
    model_folder: Path, runtime: FakeNetworkRuntime
) -> None:
    StableDiffusion.from_pretrained(model_folder, compute_unit="CPU_AND_NE", quiet=True)

    assert {unit for _, unit in runtime.loaded} == {ComputeUnit.CPU_AND_NE}


def test_an_unknown_runtime_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidRequest, match="'cuda' is none of auto, coreml, reference, openvino"):
        StableDiffusion.from_pretrained(runtime="cuda")


def test_an_unknown_compute_unit_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidRequest, match="compute_unit: 'NE' is none of ALL, CPU_AND_GPU"):
        StableDiffusion.from_pretrained(compute_unit="NE")


def test_an_unknown_output_type_is_refused_before_anything_is_drawn(
    pipeline: StableDiffusion,
) -> None:
    def watch(*_: object) -> None:
        pytest.fail("a step was taken")

    with pytest.raises(InvalidRequest, match="output_type: 'pt' is none of pil, np, latent"):
        pipeline("a circle", output_type="pt", callback_on_step_end=watch)


def test_a_checkpoint_is_converted_before_it_is_loaded(
    runtime: FakeNetworkRuntime, conversion: ScriptedConversion
) -> None:
    pipeline = StableDiffusion.from_pretrained("owner/name", revision="v1", quiet=True)

    [(model, _, _, revision)] = conversion.asked
    assert (model, revision) == ("owner/name", "v1")
    assert pipeline.manifest.facts.model == "sample"
    assert len(runtime.loaded) == 3


def test_an_image_is_changed_as_far_as_the_strength_allows(
    pipeline: StableDiffusion, runtime: FakeNetworkRuntime
) -> None:
    seen: list[tuple[int, float]] = []
    image = Image.new("RGB", (40, 24), "red")

    for _ in range(2):
        pipeline(
            "a circle",
            image=image,
            strength=0.5,
            num_inference_steps=4,
            scheduler="Euler",
            callback_on_step_end=lambda _, step, timestep, __: seen.append((step, timestep)),
        )

    assert [step for step, _ in seen] == [0, 1, 0, 1]
    assert seen[0][1] < 500
    assert len(runtime.loaded) == 4


def test_a_strength_without_an_image_is_refused(pipeline: StableDiffusion) -> None:
    with pytest.raises(InvalidRequest, match=r"^strength: there is no picture to change"):
        pipeline("a circle", strength=0.5)


@pytest.mark.parametrize("name", ["scheduler", "safety_checker", "unet"])
def test_what_is_set_on_pipelines_of_diffusers_is_not_taken_in_silence(
    pipeline: StableDiffusion, name: str
) -> None:
    with pytest.raises(AttributeError, match=f"no attribute '{name}'"):
        setattr(pipeline, name, None)
