"""A network loads whole where it is whole, and from its chunks where only they are."""

from pathlib import Path

import pytest
from coreml_stable_diffusion.application.load_network import load_network
from coreml_stable_diffusion.domain.errors import BrokenPackage
from fakes.networks import FakeNetwork, FakeNetworkRuntime, spec


def relay(source: str, output: str) -> FakeNetwork:
    return FakeNetwork(
        inputs=(spec(source, (1,)),),
        outputs=(spec(output, (1,)),),
        script=lambda inputs: {output: inputs[source]},
    )


RUNTIME = FakeNetworkRuntime(
    {
        "Unet.mlmodelc": relay("x", "y"),
        "UnetChunk1.mlmodelc": relay("x", "a"),
        "UnetChunk2.mlmodelc": relay("a", "y"),
    }
)


def loaded(folder: Path, *there: str) -> list[str]:
    for name in there:
        (folder / name).mkdir()
    RUNTIME.loaded.clear()
    network = load_network(RUNTIME, folder / "Unet.mlmodelc")
    assert [each.name for each in (*network.inputs, *network.outputs)] == ["x", "y"]
    return [name for name, _ in RUNTIME.loaded]


def test_the_whole_is_loaded_where_it_is(tmp_path: Path) -> None:
    there = ("Unet.mlmodelc", "UnetChunk1.mlmodelc", "UnetChunk2.mlmodelc")

    assert loaded(tmp_path, *there) == ["Unet.mlmodelc"]


def test_chunks_are_loaded_where_only_they_are(tmp_path: Path) -> None:
    chunks = ["UnetChunk1.mlmodelc", "UnetChunk2.mlmodelc"]

    assert loaded(tmp_path, *chunks) == chunks


def test_half_of_the_chunks_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "Other_chunk1.mlpackage").mkdir()

    with pytest.raises(BrokenPackage):
        load_network(RUNTIME, tmp_path / "Other.mlpackage")
