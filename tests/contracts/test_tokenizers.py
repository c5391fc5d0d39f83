"""The promises of domain/ports/tokenizers.py, kept by the fake and by the Hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.huggingface.clip_tables import HubClipTables
from coreml_stable_diffusion.domain.errors import UnreachableCheckpoint
from coreml_stable_diffusion.domain.ports.tokenizers import TokenizerSource
from fakes.tokenizers import FakeTokenizers
from samples.hub import REPOSITORY, local_hub


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "clip"
    folder.mkdir()
    for name in ("vocab.json", "merges.txt", "model.safetensors"):
        (folder / name).write_text(name)
    return folder


@pytest.fixture(params=["fake", "hub"])
def tokenizers(
    request: pytest.FixtureRequest, repository: Path, tmp_path: Path
) -> Iterator[TokenizerSource]:
    if request.param == "fake":
        yield FakeTokenizers(repository)
        return
    with local_hub(repository) as hub:
        yield HubClipTables(REPOSITORY, endpoint=hub.endpoint, cache=tmp_path / "cache")


def test_both_tables_are_in_one_folder(tokenizers: TokenizerSource) -> None:
    folder = tokenizers.clip()

    assert (folder / "vocab.json").read_text() == "vocab.json"
    assert (folder / "merges.txt").read_text() == "merges.txt"


@pytest.mark.parametrize("kind", ["fake", "hub"])
def test_without_a_network_it_is_told(kind: str, tmp_path: Path) -> None:
    away = HubClipTables(endpoint="http://127.0.0.1:9", cache=tmp_path)
    tokenizers = FakeTokenizers() if kind == "fake" else away

    with pytest.raises(UnreachableCheckpoint):
        tokenizers.clip()
