"""The promises of domain/ports/sharing.py, kept by the fake and on disk."""

from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.domain.errors import UnwritableOutput
from coreml_stable_diffusion.domain.ports.sharing import FileSharing
from fakes.sharing import FakeSharing


@pytest.fixture(params=[FakeSharing, LocalWorkspace])
def sharing(request: pytest.FixtureRequest) -> FileSharing:
    made: FileSharing = request.param()
    return made


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    source, destination = tmp_path / "a" / "weight.bin", tmp_path / "b" / "weight.bin"
    for file in (source, destination):
        file.parent.mkdir()
        file.write_text("the same")
    return source, destination


def test_two_names_are_one_file(sharing: FileSharing, files: tuple[Path, Path]) -> None:
    source, destination = files

    assert sharing.share(source, destination) == len("the same")
    assert destination.samefile(source)
    assert list(destination.parent.iterdir()) == [destination]


def test_what_is_shared_may_be_shared_again(sharing: FileSharing, files: tuple[Path, Path]) -> None:
    source, destination = files
    sharing.share(source, destination)
    sharing.share(source, destination)

    assert destination.read_text() == "the same"
    assert list(destination.parent.iterdir()) == [destination]


def test_what_is_not_there_cannot_be_shared(sharing: FileSharing, files: tuple[Path, Path]) -> None:
    source, destination = files
    source.unlink()

    with pytest.raises(UnwritableOutput):
        sharing.share(source, destination)
