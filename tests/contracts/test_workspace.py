"""The promises of domain/ports/workspace.py, kept by the fake and on disk."""

import hashlib
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.domain.errors import UnwritableOutput
from coreml_stable_diffusion.domain.ports.workspace import Workspace
from fakes.workspace import FakeWorkspace


@pytest.fixture(params=[FakeWorkspace, LocalWorkspace])
def workspace(request: pytest.FixtureRequest) -> Workspace:
    made: Workspace = request.param()
    return made


def write_package(path: Path, text: str) -> None:
    (path / "weights").mkdir(parents=True)
    (path / "weights" / "weight.bin").write_text(text)


def test_a_file_takes_its_place_with_missing_parents(workspace: Workspace, tmp_path: Path) -> None:
    destination = tmp_path / "new" / "deep" / "pipeline.json"

    with workspace.replacing(destination) as partial:
        assert not partial.exists()
        assert not destination.exists()
        partial.write_text("{}")

    assert destination.read_text() == "{}"
    assert list(destination.parent.iterdir()) == [destination]


def test_the_lent_path_has_the_ending_of_the_destination(
    workspace: Workspace, tmp_path: Path
) -> None:
    with workspace.replacing(tmp_path / "unet.mlpackage") as partial:
        assert partial.suffix == ".mlpackage"
        partial.mkdir()


def test_a_folder_replaces_a_folder_that_is_not_empty(workspace: Workspace, tmp_path: Path) -> None:
    destination = tmp_path / "unet.mlpackage"
    write_package(destination, "old")
    (destination / "leftover").touch()

    with workspace.replacing(destination) as partial:
        write_package(partial, "new")

    assert (destination / "weights" / "weight.bin").read_text() == "new"
    assert not (destination / "leftover").exists()
    assert list(tmp_path.iterdir()) == [destination]


def test_of_two_that_make_the_same_the_last_to_finish_wins_whole(
    workspace: Workspace, tmp_path: Path
) -> None:
    destination = tmp_path / "unet.mlpackage"

    with workspace.replacing(destination) as slow:
        write_package(slow, "slow")
        with workspace.replacing(destination) as quick:
            write_package(quick, "quick")
            (quick / "Manifest.json").touch()
        assert (destination / "weights" / "weight.bin").read_text() == "quick"

    assert (destination / "weights" / "weight.bin").read_text() == "slow"
    assert not (destination / "Manifest.json").exists()
    assert list(tmp_path.iterdir()) == [destination]


def stop_half_way(workspace: Workspace, destination: Path, stop: type[BaseException]) -> None:
    with workspace.replacing(destination) as partial:
        write_package(partial, "half")
        raise stop


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_what_fails_leaves_everything_as_it_was(
    workspace: Workspace, tmp_path: Path, stop: type[BaseException]
) -> None:
    destination = tmp_path / "unet.mlpackage"
    write_package(destination, "old")

    with pytest.raises(stop):
        stop_half_way(workspace, destination, stop)

    assert (destination / "weights" / "weight.bin").read_text() == "old"
    assert list(tmp_path.iterdir()) == [destination]


def test_a_file_for_a_parent_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with (
        pytest.raises(UnwritableOutput, match=r"unet\.mlpackage"),
        workspace.replacing(tmp_path / "file" / "unet.mlpackage"),
    ):
        pytest.fail("the block must not be entered")


def test_a_file_never_replaces_a_folder(workspace: Workspace, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    write_package(kept, "mine")
    (tmp_path / "vocab.json").touch()

    with pytest.raises(UnwritableOutput, match="it is a folder"):
        workspace.copy(tmp_path / "vocab.json", kept)

    assert (kept / "weights" / "weight.bin").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"kept", "vocab.json"}


def test_a_folder_never_replaces_a_file(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")

    with (
        pytest.raises(UnwritableOutput, match="it is no folder"),
        workspace.replacing(tmp_path / "notes") as partial,
    ):
        partial.mkdir()

    assert (tmp_path / "notes").read_text() == "mine"
    assert list(tmp_path.iterdir()) == [tmp_path / "notes"]


def test_a_folder_of_something_else_is_not_replaced(workspace: Workspace, tmp_path: Path) -> None:
    destination = tmp_path / "unet.mlpackage"
    destination.mkdir()
    (destination / "notes.txt").write_text("mine")

    with (
        pytest.raises(UnwritableOutput, match="holds something else"),
        workspace.replacing(destination) as partial,
    ):
        write_package(partial, "new")

    assert (destination / "notes.txt").read_text() == "mine"
    assert list(tmp_path.iterdir()) == [destination]


def test_an_empty_folder_is_replaced(workspace: Workspace, tmp_path: Path) -> None:
    destination = tmp_path / "unet.mlpackage"
    destination.mkdir()

    with workspace.replacing(destination) as partial:
        write_package(partial, "new")

    assert (destination / "weights" / "weight.bin").read_text() == "new"


@pytest.mark.parametrize("place", [Path(), Path("/")])
def test_a_place_without_a_name_is_refused(workspace: Workspace, place: Path) -> None:
    with pytest.raises(UnwritableOutput, match="it has no name"), workspace.replacing(place):
        pytest.fail("the block must not be entered")


def test_digests_are_of_every_file_by_its_path_within(workspace: Workspace, tmp_path: Path) -> None:
    write_package(tmp_path, "abc")
    (tmp_path / "Manifest.json").touch()

    assert workspace.digests(tmp_path) == {
        "Manifest.json": hashlib.sha256(b"").hexdigest(),
        "weights/weight.bin": hashlib.sha256(b"abc").hexdigest(),
    }


def test_there_are_no_digests_where_nothing_is(workspace: Workspace, tmp_path: Path) -> None:
    assert workspace.digests(tmp_path / "nothing") == {}


def test_what_is_removed_is_gone_with_all_in_it(workspace: Workspace, tmp_path: Path) -> None:
    write_package(tmp_path / "unet.mlpackage", "old")
    (tmp_path / "file").touch()

    for name in ("unet.mlpackage", "file", "nothing"):
        workspace.remove(tmp_path / name)

    assert list(tmp_path.iterdir()) == []


def test_a_copy_takes_its_place(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "vocab.json").write_text("{}")

    workspace.copy(tmp_path / "vocab.json", tmp_path / "new" / "vocab.json")

    assert (tmp_path / "new" / "vocab.json").read_text() == "{}"
    assert (tmp_path / "vocab.json").exists()
