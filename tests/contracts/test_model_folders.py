"""The promises of domain/ports/model_folders.py, kept by the fake and on disk."""

from pathlib import Path

import attrs
import pytest
from coreml_stable_diffusion.adapters.files.apple_folders import AppleFolders
from coreml_stable_diffusion.adapters.files.model_folders import LocalModelFolders
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.errors import (
    IncompleteModelFolder,
    NotACheckpoint,
    NotAModelFolder,
)
from coreml_stable_diffusion.domain.ports.model_folders import ModelFolders
from coreml_stable_diffusion.domain.tokenizer.vocabulary import parse_vocabulary
from fakes.checkpoints import fake_checkpoint
from fakes.model_folders import FakeModelFolders
from fakes.packages import FakePackageReader
from samples.manifests import manifest

VOCABULARY = '{"a": 0, "b</w>": 1, "ab</w>": 2, "<|startoftext|>": 3, "<|endoftext|>": 4}'
MERGES = "#version: 0.2\na b</w>\n"


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    tokenizer = tmp_path / "checkpoint" / "tokenizer"
    tokenizer.mkdir(parents=True)
    (tokenizer / "vocab.json").write_text(VOCABULARY)
    (tokenizer / "merges.txt").write_text(MERGES)
    return attrs.evolve(fake_checkpoint(), folder=tokenizer.parent)


@pytest.fixture(params=["fake", "local", "apple"])
def model_folders(request: pytest.FixtureRequest, checkpoint: Checkpoint) -> ModelFolders:
    if request.param == "fake":
        vocabulary = parse_vocabulary(VOCABULARY, MERGES)
        return FakeModelFolders(checkpoints={checkpoint.folder: vocabulary})
    local = LocalModelFolders(LocalWorkspace())
    return AppleFolders(local, FakePackageReader({})) if request.param == "apple" else local


def test_what_is_written_is_read(model_folders: ModelFolders, tmp_path: Path) -> None:
    model_folders.write_manifest(tmp_path, manifest())

    assert model_folders.read_manifest(tmp_path) == manifest()


def test_writing_again_replaces(model_folders: ModelFolders, tmp_path: Path) -> None:
    model_folders.write_manifest(tmp_path, manifest())
    model_folders.write_manifest(tmp_path, attrs.evolve(manifest(), packages=()))

    assert model_folders.read_manifest(tmp_path).packages == ()


def test_a_folder_without_a_manifest_is_refused(
    model_folders: ModelFolders, tmp_path: Path
) -> None:
    with pytest.raises(NotAModelFolder, match=r"pipeline\.json"):
        model_folders.read_manifest(tmp_path / "empty")


def test_the_checkpoints_vocabulary_is_found_beside_the_packages(
    model_folders: ModelFolders, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    model_folders.copy_tokenizer(checkpoint, tmp_path / "packages")

    vocabulary = model_folders.read_vocabulary(tmp_path / "packages")
    assert vocabulary == parse_vocabulary(VOCABULARY, MERGES)
    assert vocabulary == model_folders.read_vocabulary(checkpoint)


def test_a_folder_without_a_vocabulary_is_incomplete(
    model_folders: ModelFolders, tmp_path: Path
) -> None:
    with pytest.raises(IncompleteModelFolder, match=r"vocab\.json"):
        model_folders.read_vocabulary(tmp_path)


def test_a_checkpoint_without_a_tokenizer_is_refused(
    model_folders: ModelFolders, tmp_path: Path
) -> None:
    bare = attrs.evolve(fake_checkpoint(), folder=tmp_path / "bare")

    with pytest.raises(NotACheckpoint, match="tokenizer"):
        model_folders.copy_tokenizer(bare, tmp_path)
    with pytest.raises(NotACheckpoint, match="tokenizer"):
        model_folders.read_vocabulary(bare)
