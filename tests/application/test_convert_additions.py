"""What goes with a model is converted beside it, and stays or goes with it."""

from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import (
    MismatchedCheckpoint,
)
from coreml_stable_diffusion.domain.model_facts import ModelFamily
from samples.conversion_world import (
    DEPTH,
    EDGES,
    EVERYTHING,
    MODEL,
    ONLY_UNET,
    REFINER,
    World,
    refiner,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "packages")


def test_controlnets_are_converted_with_the_unet_that_takes_them(world: World) -> None:
    made = world.convert(controlnets=(EDGES, DEPTH))

    assert made == [*EVERYTHING[:2], "control-unet", *EVERYTHING[2:], "controlnet", "controlnet"]
    manifest = world.model_folders.read_manifest(world.folder)
    assert manifest.controlnets(world.folder) == {
        EDGES: world.folder / "ControlNet_owner_edges.mlpackage",
        DEPTH: world.folder / "ControlNet_owner_depth.mlpackage",
    }
    assert world.convert(controlnets=(EDGES, DEPTH)) == []
    assert f"ControlNet {EDGES}: reused" in world.observer.notes


def test_a_controlnet_is_recorded_with_its_revision(world: World) -> None:
    for world.companions.head in (None, "one", "two"):
        world.convert(ONLY_UNET, controlnets=(EDGES,))

        record = world.model_folders.read_manifest(world.folder).record(Component.CONTROLNET)
        assert record is not None
        assert record.revision == world.companions.head
    assert world.convert(ONLY_UNET) == []
    assert world.model_folders.read_manifest(world.folder).packages[-1].revision == "two"


def test_a_controlnet_joins_those_that_are_there(world: World) -> None:
    world.convert(ONLY_UNET, controlnets=(EDGES,))

    assert world.convert(ONLY_UNET, controlnets=(DEPTH,)) == ["controlnet"]
    assert world.recorded() == ["unet", "controlnet", "controlnet"]


def test_a_controlnet_of_another_size_does_not_stay(world: World) -> None:
    world.convert(ONLY_UNET, controlnets=(EDGES,))

    world.convert(attrs.evolve(ONLY_UNET, latent_height=16))

    assert world.recorded() == ["unet"]
    reason = "because its latents are 8 x 8"
    assert f"ControlNet {EDGES}: left out from now on, {reason}" in world.observer.notes


def test_a_controlnet_of_another_base_is_refused_before_any_work(world: World) -> None:
    world.companions.controlnets = {EDGES: ModelFamily.SDXL}

    with pytest.raises(MismatchedCheckpoint, match=f"{EDGES} does not go with {MODEL}"):
        world.convert(controlnets=(EDGES,))
    assert world.tracer.traced == []


def test_a_refiner_goes_by_the_name_of_what_it_refines(world: World) -> None:
    facts = attrs.evolve(world.checkpoint.facts, family=ModelFamily.SDXL)
    world.source.checkpoints = {
        MODEL: attrs.evolve(world.checkpoint, facts=facts),
        REFINER: refiner(),
    }

    assert world.convert(ONLY_UNET, refiner=REFINER) == ["unet", "refiner"]
    record = world.model_folders.read_manifest(world.folder).record(Component.REFINER)
    assert record is not None
    assert (record.file, record.model) == (Component.REFINER.package_name(MODEL), REFINER)


@pytest.mark.parametrize("name", [MODEL, REFINER])
def test_only_xl_is_refined_and_only_by_a_refiner(world: World, name: str) -> None:
    with pytest.raises(MismatchedCheckpoint, match="is needed"):
        world.convert(ONLY_UNET, refiner=name)
