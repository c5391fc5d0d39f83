"""Converting that is stopped: nothing half-made stays, and nothing is lost that is whole."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.errors import ConversionFailed
from coreml_stable_diffusion.domain.ports.turns import FolderTurns, Waiting
from fakes.checkpoints import fake_checkpoint
from samples.conversion_world import EVERYTHING, ONLY_UNET, VOCABULARY, World


@attrs.frozen
class TurnsOfOthers(FolderTurns):
    """Lets others work in the folder first."""

    others: Callable[[], object]

    @contextlib.contextmanager
    def alone_in(self, folder: Path, waiting: Waiting) -> Iterator[None]:
        del folder
        with waiting():
            self.others()
        yield


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "packages")


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), ConversionFailed("UNet", "no luck")])
def test_a_stopped_run_leaves_nothing_half_made_and_is_gone_on_with(
    world: World, stop: BaseException
) -> None:
    world.writer.stops[world.package(Component.UNET).name] = stop

    with pytest.raises(type(stop)):
        world.convert()
    assert world.recorded() == ["text_encoder"]
    assert not world.package(Component.UNET).exists()

    world.writer.stops.clear()
    assert world.convert() == EVERYTHING[1:]
    assert world.recorded() == EVERYTHING


def test_a_rebuild_that_is_stopped_at_once_leaves_everything_as_it_was(world: World) -> None:
    world.convert()
    before = world.model_folders.read_manifest(world.folder)
    world.writer.stops[world.package(Component.UNET).name] = KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        world.convert(ConversionPlan(latent_height=16))

    assert world.model_folders.read_manifest(world.folder) == before
    assert (world.package(Component.UNET) / "program.txt").exists()


def test_a_rebuild_that_is_stopped_later_offers_only_what_fits_together(world: World) -> None:
    world.convert()
    world.writer.stops[world.package(Component.VAE_DECODER).name] = KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        world.convert(ConversionPlan(latent_height=16))

    assert (world.package(Component.VAE_DECODER) / "program.txt").exists()
    assert world.recorded() == ["text_encoder", "unet"]


def test_another_model_takes_the_place_of_the_first_when_it_can_be_converted(
    world: World,
) -> None:
    world.convert()
    before = world.model_folders.read_manifest(world.folder)
    other = fake_checkpoint("owner/other")
    world.source.checkpoints = {**world.source.checkpoints, "owner/other": other}
    world.model_folders.checkpoints[other.folder] = attrs.evolve(VOCABULARY, ranks={("a", "b"): 0})
    stop = ConversionFailed("UNet", "no luck")
    world.writer.stops[Component.UNET.package_name("owner/other")] = stop

    with pytest.raises(ConversionFailed):
        world.convert(ONLY_UNET, model="owner/other")

    assert world.model_folders.read_manifest(world.folder) == before
    assert world.model_folders.read_vocabulary(world.folder) == VOCABULARY


def test_what_others_made_while_they_were_waited_for_stays(world: World) -> None:
    meanwhile = attrs.evolve(world)
    meanwhile.model_folders = world.model_folders
    world.turns = TurnsOfOthers(
        lambda: meanwhile.convert(ConversionPlan(components=(Component.TEXT_ENCODER,)))
    )

    world.convert(ONLY_UNET)

    assert world.recorded() == ["text_encoder", "unet"]
    title = f"Waiting for another conversion into {world.folder}"
    assert title in [task.title for task in world.observer.tasks]
