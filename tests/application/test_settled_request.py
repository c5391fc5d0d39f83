"""What a model cannot meet of a request is refused before anything is loaded or drawn."""

from typing import Any

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.drawable import require_drawable
from coreml_stable_diffusion.domain.errors import InvalidRequest, MissingComponent
from coreml_stable_diffusion.domain.model_facts import ModelFamily
from coreml_stable_diffusion.domain.own_texts import OwnTexts
from coreml_stable_diffusion.domain.pictures.control_picture import ControlPicture
from coreml_stable_diffusion.domain.pictures.source_picture import SourcePicture
from coreml_stable_diffusion.domain.pipeline_manifest import PipelineManifest
from coreml_stable_diffusion.domain.request import GenerationRequest
from coreml_stable_diffusion.domain.size_conditions import SizeConditions
from samples.colour_world import COMPONENTS, FOLDER, World, manifest

PIXELS = np.zeros((24, 40, 3), dtype=np.uint8)
WHOLE = SourcePicture(pixels=PIXELS)
MASKED = SourcePicture(pixels=PIXELS, mask=PIXELS[:, :, 0])
STRONG = SourcePicture(pixels=PIXELS, strength=0.5)
INPAINTING, INSTRUCTED = 9, 8


@pytest.mark.parametrize(
    ("channels", "settings", "told"),
    [
        (INPAINTING, {}, "--mask: this model fills in what is masked of a picture; give an image"),
        (INPAINTING, {"source": WHOLE}, "--mask: this model fills in"),
        (INSTRUCTED, {}, "--image: this model changes a picture as the prompt tells; give"),
        (INSTRUCTED, {"source": MASKED}, "--mask: this model changes whole pictures; leave"),
        (INSTRUCTED, {"source": STRONG}, "--strength: this model changes as much as the prompt"),
        (4, {"image_guidance_scale": 1.5}, "--image-guidance-scale: this model is not one"),
        (4, {"refiner_start": 0.5}, "--refiner-start: the model folder has no refiner; convert"),
        (
            4,
            {"controls": (ControlPicture(pixels=PIXELS),)},
            "--controlnet: the model folder has no ControlNet",
        ),
    ],
)
def test_what_the_model_is_not_made_for_is_refused_before_it_is_loaded(
    channels: int, settings: dict[str, Any], told: str
) -> None:
    world = World(manifest=manifest(unet_channels=channels))
    pipeline = world.load(FOLDER)

    with pytest.raises(InvalidRequest, match=f"^{told}"):
        world.generate(pipeline, GenerationRequest(prompt="red", seed=1, **settings))
    assert world.runtime.loaded == []


def test_a_size_that_the_unet_has_not_is_refused() -> None:
    world = World()

    with pytest.raises(InvalidRequest, match=r"^--height: .* can be 40 x 24 only"):
        world.draw("red", height=64, width=64)


@pytest.mark.parametrize(
    ("further", "listed"), [((), "40 x 24 only"), (((3, 6),), "40 x 24, 48 x 24")]
)
def test_what_the_manifest_tells_that_packages_lack_is_refused_before_they_load(
    further: tuple[tuple[int, int], ...], listed: str
) -> None:
    made = manifest()
    sized = ConversionPlan(latent_height=3, latent_width=5, further_sizes=further)
    packages = tuple(attrs.evolve(each, plan=sized) for each in made.packages)
    world = World(manifest=attrs.evolve(made, packages=packages))

    with pytest.raises(InvalidRequest, match=f"^--height: .* can be {listed}$"):
        world.draw("red", height=100)
    with pytest.raises(InvalidRequest, match=r"^--clip-skip: .* with --offer-clip-skip$"):
        world.draw("red", clip_skip=1)
    assert world.runtime.loaded == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"original_size": (128, 128)}, "--original-size: only Stable Diffusion XL is told sizes"),
        ({"crops_coords_top_left": (1, 0)}, "--crop-top-left: only Stable Diffusion XL"),
        ({"aesthetic_score": 3.0}, "--aesthetic-score: only Stable Diffusion XL"),
    ],
)
def test_sizes_that_nobody_is_told_are_refused(settings: dict[str, Any], told: str) -> None:
    world = World()

    with pytest.raises(InvalidRequest, match=f"^{told}"):
        world.draw("red", sizes=SizeConditions(**settings))
    assert world.runtime.loaded == []


def test_a_score_is_for_a_refiner() -> None:
    world = World(manifest=manifest(family=ModelFamily.SDXL))
    scored = GenerationRequest(prompt="", seed=1, sizes=SizeConditions(aesthetic_score=3.0))

    with pytest.raises(InvalidRequest, match=r"^--aesthetic-score: the model folder has no ref"):
        require_drawable(world.manifest, scored)
    require_drawable(manifest(family=ModelFamily.SDXL, requires_aesthetics_score=True), scored)


def test_own_texts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"^prompt_embeds: "):
        World().draw("", texts=OwnTexts.of(np.zeros((1, 6, 3))))


def test_own_texts_are_not_for_a_refiner() -> None:
    world = World(manifest=manifest(*COMPONENTS, Component.REFINER))

    with pytest.raises(InvalidRequest, match=r"^--refiner-start: the refiner reads the prompt"):
        world.draw("", texts=OwnTexts.of(np.zeros((1, 6, 8))))


def test_a_controlnet_without_its_unet_is_refused() -> None:
    world = World(manifest=_with_controlnet())

    with pytest.raises(MissingComponent, match=r"has no control-unet"):
        world.draw("red", controls=(ControlPicture(pixels=PIXELS),))
    assert world.runtime.loaded == []


def _with_controlnet() -> PipelineManifest:
    made = manifest(*COMPONENTS, Component.CONTROLNET)
    named = [
        attrs.evolve(each, model="edges" if each.component is Component.CONTROLNET else None)
        for each in made.packages
    ]
    return attrs.evolve(made, packages=tuple(named))
