"""Converting: what is made, what is reused, and what is said."""

from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ComputePrecision, ConversionPlan
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.errors import (
    InvalidRequest,
    MissingComponent,
    NotACheckpoint,
    NotAModelFolder,
)
from coreml_stable_diffusion.domain.pipeline_manifest import PipelineManifest
from samples.conversion_world import (
    EVERYTHING,
    MODEL,
    ONLY_UNET,
    USUAL,
    VOCABULARY,
    World,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "packages")


def test_every_component_is_converted_in_order(world: World) -> None:
    assert world.convert() == EVERYTHING
    assert world.recorded() == EVERYTHING
    for component in USUAL:
        program = world.writer.programs[world.package(component).name]
        text = program.description.metadata["user:graph"]
        assert text.startswith(f"{component.value} of {MODEL}")


def test_the_manifest_tells_what_generating_needs(world: World) -> None:
    world.convert(ConversionPlan(latent_height=16))

    manifest = world.model_folders.read_manifest(world.folder)
    assert (manifest.facts.latent_height, manifest.facts.latent_width) == (16, 8)
    assert manifest.facts.scheduler == world.checkpoint.facts.scheduler
    assert manifest.facts.model_version == MODEL
    assert world.model_folders.read_vocabulary(world.folder) == VOCABULARY


def test_a_guess_is_told_and_another_prediction_type_takes_its_place(world: World) -> None:
    guessed = attrs.evolve(world.checkpoint, guessed_prediction="epsilon")
    world.source.checkpoints = {MODEL: guessed}

    world.convert(ONLY_UNET)
    assert "does not tell what its UNet predicts" in world.observer.notes[0]
    assert world.convert(attrs.evolve(ONLY_UNET, prediction_type="v_prediction")) == []

    assert world.observer.notes == ["UNet: reused"]
    facts = world.model_folders.read_manifest(world.folder).facts
    assert facts.scheduler["prediction_type"] == "v_prediction"


def test_records_name_libraries_settings_and_files(world: World) -> None:
    world.convert(ConversionPlan(precision=ComputePrecision.FLOAT32))

    record = world.model_folders.read_manifest(world.folder).record(Component.UNET)
    assert record is not None
    assert set(record.versions) == {
        "coreml-stable-diffusion",
        "coremltools",
        "torch",
        "diffusers",
        "transformers",
    }
    assert record.plan.precision is ComputePrecision.FLOAT32
    assert set(record.files) == {"Manifest.json", "program.txt"}


def test_only_what_is_asked_for_is_converted(world: World) -> None:
    plan = ConversionPlan(components=(Component.VAE_DECODER, Component.UNET, Component.UNET))

    assert world.convert(plan) == ["unet", "vae_decoder"]


def test_the_control_unet_is_converted_where_it_is_asked_for(world: World) -> None:
    assert world.convert(ConversionPlan(components=(Component.CONTROL_UNET,))) == ["control-unet"]


def test_what_is_not_asked_for_need_not_be_there(world: World) -> None:
    world.source.absent = (Component.SAFETY_CHECKER,)

    assert world.convert(ONLY_UNET) == ["unet"]


def test_a_task_is_followed_for_each_component(world: World) -> None:
    world.convert(ONLY_UNET)

    (task,) = world.observer.tasks
    assert (task.title, task.steps, task.done, task.ended) == ("Converting the UNet", 3, 3, True)


def test_what_the_tracer_notes_is_told(world: World) -> None:
    world.tracer.notes = ("UNet: recorded by running it",)

    world.convert(ONLY_UNET)

    assert world.observer.notes == ["UNet: recorded by running it"]


def test_a_second_run_reuses_everything_and_says_so(world: World) -> None:
    world.convert()
    manifest = world.model_folders.read_manifest(world.folder)

    assert world.convert() == []
    assert world.observer.notes == [f"{component.label}: reused" for component in USUAL]
    assert world.model_folders.read_manifest(world.folder) == manifest


def test_sizes_said_or_left_to_the_checkpoint_are_the_same_sizes(world: World) -> None:
    world.convert()

    assert world.convert(ConversionPlan(latent_height=8, latent_width=8)) == []


def test_another_precision_rebuilds_and_says_why(world: World) -> None:
    world.convert(ONLY_UNET)

    plan = attrs.evolve(ONLY_UNET, precision=ComputePrecision.FLOAT32)
    assert world.convert(plan) == ["unet"]
    assert world.observer.notes == ["UNet: rebuilt, because precision was float16, is float32"]


def test_another_size_leaves_the_text_encoder_alone(world: World) -> None:
    world.convert()

    assert world.convert(ConversionPlan(latent_width=16)) == EVERYTHING[1:]


def test_a_unet_of_batch_one_leaves_all_others_alone(world: World) -> None:
    world.convert()

    assert world.convert(ConversionPlan(unet_batch_one=True)) == ["unet"]


def test_another_compute_unit_is_only_noted_down(world: World) -> None:
    world.convert(ONLY_UNET)

    plan = attrs.evolve(ONLY_UNET, compute_unit=ComputeUnit.CPU_AND_NE)
    assert world.convert(plan) == []
    record = world.model_folders.read_manifest(world.folder).record(Component.UNET)
    assert record is not None
    assert record.plan.compute_unit is ComputeUnit.CPU_AND_NE


def test_changed_weights_rebuild_their_component(world: World) -> None:
    world.convert()
    world.source.weights[Component.UNET] = "better weights"

    assert world.convert() == ["unet"]
    assert "UNet: rebuilt, because it was made from another checkpoint" in world.observer.notes


def test_another_library_rebuilds(world: World) -> None:
    world.convert(ONLY_UNET)
    manifest = world.model_folders.read_manifest(world.folder)
    (record,) = manifest.packages
    older = attrs.evolve(record, versions={**record.versions, "coremltools": "8.3"})
    world.model_folders.write_manifest(world.folder, attrs.evolve(manifest, packages=(older,)))

    assert world.convert(ONLY_UNET) == ["unet"]
    assert "coremltools was 8.3, is " in world.observer.notes[0]


def test_a_package_that_was_tampered_with_is_rebuilt(world: World) -> None:
    world.convert()
    (world.package(Component.UNET) / "program.txt").write_text("something else")

    assert world.convert() == ["unet"]
    assert "UNet: rebuilt, because its files have changed" in world.observer.notes


def test_a_package_that_is_gone_is_rebuilt(world: World) -> None:
    world.convert()
    (world.package(Component.UNET)).rename(world.folder / "elsewhere")

    assert world.convert() == ["unet"]
    assert "UNet: rebuilt, because it is gone" in world.observer.notes


def test_a_package_that_the_manifest_does_not_know_is_rebuilt(world: World) -> None:
    world.convert()
    del world.model_folders.manifests[world.folder]

    assert world.convert() == EVERYTHING


def test_packages_that_nobody_asked_for_stay(world: World) -> None:
    world.convert()

    plan = attrs.evolve(ONLY_UNET, precision=ComputePrecision.FLOAT32)
    assert world.convert(plan) == ["unet"]
    assert world.recorded() == EVERYTHING


def test_packages_of_another_size_do_not_stay(world: World) -> None:
    world.convert()

    world.convert(attrs.evolve(ONLY_UNET, latent_height=16))

    assert world.recorded() == ["text_encoder", "unet"]
    assert (
        "VAE decoder: left out from now on, because its latents are 8 x 8" in world.observer.notes
    )


def test_packages_of_another_checkpoint_do_not_stay(world: World) -> None:
    world.convert()
    world.source.weights[Component.VAE_DECODER] = "other weights"

    world.convert(ONLY_UNET)

    assert "vae_decoder" not in world.recorded()


def test_a_component_that_the_checkpoint_lacks_is_refused_before_any_work(world: World) -> None:
    lacking = attrs.evolve(world.checkpoint, components=(Component.UNET,))
    world.source.checkpoints = {MODEL: lacking}

    with pytest.raises(MissingComponent, match="vae_encoder; it has: unet"):
        world.convert(ConversionPlan(components=(Component.UNET, Component.VAE_ENCODER)))
    assert world.tracer.traced == []


def test_a_name_that_no_source_knows_is_refused(world: World) -> None:
    with pytest.raises(NotACheckpoint, match="no such folder, and a Hub id reads OWNER/NAME"):
        world.convert(model="nothing")


def test_a_checkpoint_without_a_tokenizer_is_refused_before_any_work(world: World) -> None:
    world.model_folders.checkpoints.clear()

    with pytest.raises(NotACheckpoint, match="tokenizer"):
        world.convert()
    assert world.tracer.traced == []


def test_what_the_folder_is_going_to_be_can_be_refused(world: World) -> None:
    def refuse(manifest: PipelineManifest) -> None:
        assert [each.component.value for each in manifest.packages] == EVERYTHING
        assert manifest.facts.latent_height == manifest.packages[1].plan.latent_height
        raise InvalidRequest("--height", "too high")

    with pytest.raises(InvalidRequest, match="too high"):
        world.convert(require=refuse)
    assert world.tracer.traced == []
    with pytest.raises(NotAModelFolder):
        world.model_folders.read_manifest(world.folder)


def test_what_is_of_no_use_is_refused_before_anything_is_converted(world: World) -> None:
    world.tracer.useless = Component.UNET

    with pytest.raises(InvalidRequest, match="not ORIGINAL here"):
        world.convert()
    assert world.tracer.traced == []
