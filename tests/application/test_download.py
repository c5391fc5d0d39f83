"""Downloading with a fake for every port."""

from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.application.download import Download, Wish
from coreml_stable_diffusion.domain.errors import HostileArchive, InvalidRequest, NoModelThere
from coreml_stable_diffusion.domain.hub.choice import Machine
from coreml_stable_diffusion.domain.hub.variant import Kind
from fakes.archiving import FakeArchiver
from fakes.hub import FakeHub
from fakes.observing import FakeObserver
from fakes.workspace import FakeWorkspace

REPOSITORY = "owner/model"
LINUX = Machine(has_core_ml=False)
MAC = Machine(has_core_ml=True, performance_cores=4)


@attrs.frozen
class World:
    folder: Path
    observer: FakeObserver = attrs.field(factory=FakeObserver)
    hub: FakeHub = attrs.field(init=False)
    download: Download = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        hub = FakeHub({REPOSITORY: self.folder / "repository"}, self.folder / "cache")
        object.__setattr__(self, "hub", hub)
        download = Download(
            hub=hub,
            archiver=FakeArchiver(),
            workspace=FakeWorkspace(),
            observer=self.observer,
            unpacked=self.folder / "unpacked",
        )
        object.__setattr__(self, "download", download)

    def publish(self, *names: str) -> None:
        for name in names:
            path = self.folder / "repository" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    for attention in ("original", "split_einsum"):
        world.publish(
            f"{attention}/packages/unet.mlpackage/Manifest.json",
            f"{attention}/packages/vocab.json",
            f"{attention}/compiled/Unet.mlmodelc/model.mil",
            f"{attention}/compiled/vocab.json",
        )
    return world


def test_only_what_suits_the_machine_is_fetched(world: World) -> None:
    folder = world.download(Wish(repository=REPOSITORY), LINUX)

    assert (folder / "unet.mlpackage" / "Manifest.json").is_file()
    assert {name.rpartition("/")[0] for name in world.hub.fetched} == {
        "original/packages",
        "original/packages/unet.mlpackage",
    }
    assert world.download(Wish(repository=REPOSITORY), MAC).match("split_einsum/compiled")


def test_size_and_room_are_told_before(world: World) -> None:
    world.download(Wish(repository=REPOSITORY), LINUX)

    assert world.observer.notes == [f"{REPOSITORY}: original/packages, 0.00 GB; 1000 GB are free"]


def test_the_users_wish_counts_more_than_the_machine(world: World) -> None:
    wish = Wish(repository=REPOSITORY, variant="split_einsum", kind=Kind.COMPILED)

    assert world.download(wish, LINUX).match("split_einsum/compiled")


def test_a_variant_that_is_not_there_is_refused(world: World) -> None:
    with pytest.raises(InvalidRequest, match="no split_einsum_v2; the repository has: original/"):
        world.download(Wish(repository=REPOSITORY, variant="split_einsum_v2"), LINUX)


def test_a_repository_without_networks_is_refused(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.publish("README.md")

    with pytest.raises(NoModelThere, match="coreml-sd convert"):
        world.download(Wish(repository=REPOSITORY), LINUX)


def pack(world: World, *names: str) -> None:
    for name in names:
        (world.folder / "packed" / name).parent.mkdir(parents=True, exist_ok=True)
        (world.folder / "packed" / name).touch()
    (world.folder / "repository").mkdir()
    zip_file = world.folder / "repository" / "model_original_compiled.zip"
    FakeArchiver().archive(world.folder / "packed", "model_original_compiled", zip_file)


def test_a_zip_is_unpacked_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    pack(world, "Unet.mlmodelc/model.mil", "vocab.json")

    folder = world.download(Wish(repository=REPOSITORY), LINUX)
    (folder / "seen").touch()

    assert (folder / "Unet.mlmodelc" / "model.mil").is_file()
    assert (world.download(Wish(repository=REPOSITORY), LINUX) / "seen").exists()


def test_a_zip_without_networks_is_refused(tmp_path: Path) -> None:
    world = World(tmp_path)
    pack(world, "vocab.json")

    with pytest.raises(HostileArchive, match=r"no \.mlmodelc"):
        world.download(Wish(repository=REPOSITORY), LINUX)


def test_a_copy_leaves_what_is_the_same(world: World, tmp_path: Path) -> None:
    folder = world.download(Wish(repository=REPOSITORY), LINUX)
    own = tmp_path / "own"
    world.download.copy(folder, own)
    (own / "vocab.json").write_text("changed")
    before = (own / "unet.mlpackage" / "Manifest.json").stat().st_mtime_ns

    world.download.copy(folder, own)

    assert (own / "vocab.json").read_text() == "original/packages/vocab.json"
    assert (own / "unet.mlpackage" / "Manifest.json").stat().st_mtime_ns == before
