"""The UNets of a folder are cut, and cut again only when they have changed."""

from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.application.chunk import Chunk
from coreml_stable_diffusion.application.chunk_unets import ChunkUnets
from coreml_stable_diffusion.domain.chunk_names import chunk_paths
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.mil.program import Program
from fakes.model_folders import FakeModelFolders
from fakes.networks import FakeNetworkRuntime
from fakes.observing import FakeObserver
from fakes.packages import FakePackageReader, FakePackageWriter
from fakes.workspace import FakeWorkspace
from samples.layers import layer, model, weight
from samples.manifests import manifest, record

WHOLE = model([weight("u", 10), weight("w", 10), layer("a", "x", "u"), layer("y", "a", "w")])
UNET, CONTROL_UNET, TEXT_ENCODER = (
    component.package_name("owner/model")
    for component in (Component.UNET, Component.CONTROL_UNET, Component.TEXT_ENCODER)
)


@attrs.frozen
class Bench:
    """A use case with everything around it; the folder is there on the disk."""

    folder: Path
    observer: FakeObserver
    workspace: FakeWorkspace
    chunk_unets: ChunkUnets

    @property
    def made(self) -> list[str]:
        return sorted(path.name for path in self.workspace.replaced)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    records = (record(), record(Component.CONTROL_UNET), record(Component.TEXT_ENCODER))
    folders = FakeModelFolders({tmp_path: attrs.evolve(manifest(), packages=records)})
    for each in records:
        (tmp_path / each.file).mkdir()
    programs: dict[str, Program] = dict.fromkeys([UNET, CONTROL_UNET], WHOLE)
    observer, workspace = FakeObserver(), FakeWorkspace()
    reader = FakePackageReader(programs)
    chunk = Chunk(
        reader=reader,
        writer=FakePackageWriter(programs),
        runtime=FakeNetworkRuntime({}),
        workspace=workspace,
        observer=observer,
    )
    chunk_unets = ChunkUnets(
        chunk=chunk, model_folders=folders, reader=reader, workspace=workspace, observer=observer
    )
    return Bench(tmp_path, observer, workspace, chunk_unets)


def chunks(name: str) -> list[str]:
    return [each.name for each in chunk_paths(Path(name))]


def test_every_unet_is_cut_and_nothing_else(bench: Bench) -> None:
    bench.chunk_unets(bench.folder)

    assert bench.made == sorted([*chunks(UNET), *chunks(CONTROL_UNET)])


def test_chunks_that_are_current_stay(bench: Bench) -> None:
    bench.chunk_unets(bench.folder)
    bench.workspace.replaced.clear()

    bench.chunk_unets(bench.folder)

    assert bench.made == []
    assert bench.observer.notes[-2:] == ["UNet in chunks: reused", "control UNet in chunks: reused"]


def test_what_has_changed_is_cut_again(bench: Bench) -> None:
    bench.chunk_unets(bench.folder)
    bench.workspace.replaced.clear()
    (bench.folder / UNET / "changed").touch()

    bench.chunk_unets(bench.folder)

    assert bench.made == chunks(UNET)


def test_chunks_without_their_package_stay(bench: Bench) -> None:
    bench.chunk_unets(bench.folder)
    bench.workspace.replaced.clear()
    (bench.folder / UNET).rmdir()

    bench.chunk_unets(bench.folder)

    assert bench.made == []
