"""What of a model folder is loaded, when, and what is refused."""

from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.application.load_pipeline import LoadPipeline
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.errors import (
    IncompleteModelFolder,
    InvalidRequest,
    MissingComponent,
    NotAModelFolder,
)
from coreml_stable_diffusion.domain.request import GenerationRequest
from fakes.checkpoints import FakeCheckpointSource, fake_checkpoint
from fakes.images import FakeImageResizer
from fakes.model_folders import FakeModelFolders
from samples.colour_world import COMPONENTS, FOLDER, VOCABULARY, World, manifest

DRAWING = ["text_encoder", "unet", "vae_decoder"]
REQUEST = GenerationRequest(prompt="red", seed=1, num_inference_steps=2)


def test_nothing_is_loaded_before_it_is_needed() -> None:
    world = World()
    world.load(FOLDER)

    assert world.runtime.loaded == []


def test_only_what_drawing_needs_is_loaded() -> None:
    world = World()
    pipeline = world.load(FOLDER, compute_unit=ComputeUnit.CPU_ONLY, check_safety=False)
    list(world.generate(pipeline, REQUEST))

    assert world.runtime.loaded == [(name, ComputeUnit.CPU_ONLY) for name in DRAWING]


def test_to_save_memory_a_network_is_loaded_for_its_work_and_released_after() -> None:
    world = World()
    pipeline = world.load(FOLDER, low_memory=True)
    drawn = list(world.generate(pipeline, REQUEST))

    assert drawn == World().draw("red", num_inference_steps=2, guidance_scale=None)
    assert not any(pipeline.networks.of(each).is_loaded for each in COMPONENTS)


def test_a_missing_network_is_refused_before_anything_is_loaded() -> None:
    world = World(manifest=manifest(Component.TEXT_ENCODER, Component.UNET))

    with pytest.raises(MissingComponent, match="vae_decoder"):
        world.load(FOLDER)


def test_a_unet_that_controlnets_guide_is_enough_to_be_guided() -> None:
    world = World(
        manifest=manifest(Component.TEXT_ENCODER, Component.CONTROL_UNET, Component.VAE_DECODER)
    )

    pipeline = world.load(FOLDER)

    assert Component.CONTROL_UNET in pipeline.drawing_components
    with pytest.raises(MissingComponent, match="has no unet"):
        list(world.generate(pipeline, REQUEST))


def test_a_safety_checker_without_its_preprocessing_is_refused() -> None:
    world = World(manifest=manifest(safety_preprocessing=None))

    with pytest.raises(IncompleteModelFolder, match=r"pipeline\.json"):
        world.load(FOLDER)


def test_a_folder_without_a_manifest_is_refused() -> None:
    with pytest.raises(NotAModelFolder):
        World().load(Path("elsewhere"))


MODEL = "owner/model"


def of_others(world: World, *, has_tokenizer: bool) -> LoadPipeline:
    """The packages as another tool would have made them, and the checkpoint that it made them of.

    It predicts velocities in latents of a size that the packages do not have.
    """
    checkpoint = fake_checkpoint(MODEL)
    facts = attrs.evolve(
        checkpoint.facts, scheduler={"prediction_type": "v_prediction"}, latent_height=96
    )
    packages = tuple(attrs.evolve(each, source="") for each in world.manifest.packages)
    return LoadPipeline(
        model_folders=FakeModelFolders(
            manifests={FOLDER: attrs.evolve(world.manifest, packages=packages)},
            vocabularies={FOLDER: VOCABULARY} if has_tokenizer else {},
            checkpoints={checkpoint.folder: VOCABULARY},
        ),
        configurations=[FakeCheckpointSource({MODEL: attrs.evolve(checkpoint, facts=facts)})],
        runtime=world.runtime,
        resizer=FakeImageResizer(),
        observer=world.observer,
    )


@pytest.mark.parametrize("has_tokenizer", [True, False])
def test_a_checkpoint_tells_what_packages_of_others_do_not(has_tokenizer: bool) -> None:
    world = World()
    load = of_others(world, has_tokenizer=has_tokenizer)

    pipeline = load(FOLDER, model_version=MODEL)

    assert pipeline.facts.model == MODEL
    assert pipeline.facts.scheduler == {"prediction_type": "v_prediction"}
    assert pipeline.facts.latent_height == world.manifest.facts.latent_height
    [encoder] = pipeline.text_encoders.values()
    assert encoder.tokenizer.vocabulary == VOCABULARY


def test_packages_of_others_without_a_tokenizer_need_their_checkpoint_named() -> None:
    load = of_others(World(), has_tokenizer=False)

    with pytest.raises(IncompleteModelFolder, match=r"--model-version MODEL$"):
        load(FOLDER)


def test_packages_that_say_what_they_are_are_not_taken_for_another_model() -> None:
    with pytest.raises(InvalidRequest, match=r"^--model-version: .*pipeline\.json"):
        World().load(FOLDER, model_version=MODEL)
