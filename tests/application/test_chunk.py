"""Chunks stand where they are wanted, under Apple's names, and only if they are right."""

from collections.abc import Mapping
from pathlib import Path

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.application.chunk import Chunk, ChunkOptions
from coreml_stable_diffusion.domain.errors import BrokenPackage, ChunksDiffer, InvalidRequest
from coreml_stable_diffusion.domain.mil.pipeline import Model, ProgramPipeline
from coreml_stable_diffusion.domain.ports.networks import Network
from fakes.networks import FakeNetwork, FakeNetworkRuntime, spec
from fakes.observing import FakeObserver
from fakes.packages import FakePackageReader, FakePackageWriter
from fakes.workspace import FakeWorkspace
from samples.layers import layer, model, weight

WHOLE = model([weight("u", 10), weight("w", 10), layer("a", "x", "u"), layer("y", "a", "w")])
FIRST, SECOND = "Unet_chunk1.mlpackage", "Unet_chunk2.mlpackage"
MERGED = "Unet_chunked_pipeline.mlpackage"


@attrs.frozen
class Bench:
    """A use case with everything around it; `written` has the models by their files."""

    observer: FakeObserver
    written: dict[str, Model]
    chunk: Chunk


def bench(networks: Mapping[str, Network] | None = None) -> Bench:
    observer, written = FakeObserver(), dict[str, Model]()
    chunk = Chunk(
        reader=FakePackageReader({"Unet.mlpackage": WHOLE}),
        writer=FakePackageWriter(written),
        runtime=FakeNetworkRuntime(networks or {}),
        workspace=FakeWorkspace(),
        observer=observer,
    )
    return Bench(observer, written, chunk)


def doubling(source: str, output: str, error: float = 0.0, factor: float = 2.0) -> FakeNetwork:
    return FakeNetwork(
        inputs=(spec(source, (1, 4), "float32"),),
        outputs=(spec(output, (1, 4), "float32"),),
        script=lambda inputs: {output: factor * np.asarray(inputs[source], float) + error},
    )


def networks(error: float = 0.0) -> Mapping[str, Network]:
    """The whole, which doubles, and its chunks, whose result is off by the error."""
    return {
        "Unet.mlpackage": doubling("x", "y"),
        FIRST: doubling("x", "a"),
        SECOND: doubling("a", "y", error, factor=1),
    }


@pytest.fixture
def package(tmp_path: Path) -> Path:
    made = tmp_path / "Unet.mlpackage"
    made.mkdir()
    return made


def test_two_chunks_stand_beside_the_package(package: Path) -> None:
    at = bench()

    paths = at.chunk(package)

    assert paths == (package.with_name(FIRST), package.with_name(SECOND))
    assert [each.is_dir() for each in (*paths, package)] == [True] * 3
    assert list(at.written) == [FIRST, SECOND]
    assert at.observer.notes == [
        "Chunks of 0.0 MB and 0.0 MB; 1 value of 0.0 MB pass from one to the other"
    ]


def test_they_stand_in_another_folder_where_one_is_named(package: Path, tmp_path: Path) -> None:
    paths = bench().chunk(package, tmp_path / "new")

    assert [each.parent for each in paths] == [tmp_path / "new"] * 2


def test_both_are_merged_in_one_package_that_says_what_the_whole_said(package: Path) -> None:
    at = bench()

    assert at.chunk(package, options=ChunkOptions(merge=True)) == (package.with_name(MERGED),)

    merged = at.written[MERGED]
    assert isinstance(merged, ProgramPipeline)
    assert merged.description == WHOLE.description
    assert not package.with_name(FIRST).exists()


def test_the_original_is_removed_in_the_end(package: Path) -> None:
    bench().chunk(package, options=ChunkOptions(remove_original=True))

    assert not package.exists()
    assert package.with_name(FIRST).exists()


def test_chunks_that_are_right_are_kept_and_it_is_told(package: Path) -> None:
    at = bench(networks())

    at.chunk(package, options=ChunkOptions(check=True))

    assert at.observer.notes[1:] == ["y is the same as before"]


def test_chunks_that_are_near_are_kept(package: Path) -> None:
    at = bench(networks(error=0.001))

    at.chunk(package, options=ChunkOptions(check=True))

    [told] = at.observer.notes[1:]
    assert "y is as before to 6" in told


@pytest.mark.parametrize("error", [0.5, np.nan])
def test_chunks_that_are_wrong_are_not_kept_nor_the_original_removed(
    error: float, package: Path
) -> None:
    both = ChunkOptions(check=True, remove_original=True)

    with pytest.raises(ChunksDiffer, match="another y"):
        bench(networks(error)).chunk(package, options=both)

    assert list(package.parent.iterdir()) == [package]


@pytest.mark.parametrize("name", ["Unet_chunk1", "Unet_chunk2", "Unet_chunked_pipeline"])
def test_chunks_are_not_cut_again(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="chunks already"):
        bench().chunk(tmp_path / f"{name}.mlpackage")


def test_a_bundle_is_to_be_decompiled_first(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="coreml-sd decompile"):
        bench().chunk(tmp_path / "Unet.mlmodelc")


def test_no_package_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(BrokenPackage):
        bench().chunk(tmp_path / "Gone.mlpackage")
