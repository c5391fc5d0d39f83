"""What locks leave of the folders that they are on."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Event

import pytest
from coreml_stable_diffusion.adapters.files.locked_folders import LockedFolders
from coreml_stable_diffusion.domain.errors import UnwritableOutput


def test_folders_that_nothing_came_into_are_gone(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="no"),
        LockedFolders().alone_in(tmp_path / "a/b", nullcontext),
    ):
        raise ValueError("no")

    assert list(tmp_path.iterdir()) == []


def fail_with_something_in(folder: Path) -> None:
    with LockedFolders().alone_in(folder, nullcontext):
        (folder / "kept").touch()
        _ = 1 / 0


def test_folders_that_something_came_into_stay(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for folder in ("a", "b"):
        with LockedFolders().alone_in(tmp_path / folder, nullcontext):
            pass
    with pytest.raises(ZeroDivisionError):
        fail_with_something_in(tmp_path / "c")

    assert {each.name for each in tmp_path.rglob("*")} == {"a", "b", "c", "kept"}


def test_a_folder_that_went_while_it_was_waited_for_is_made_again(tmp_path: Path) -> None:
    is_waiting = Event()

    def wait() -> AbstractContextManager[None]:
        is_waiting.set()
        return nullcontext()

    def second() -> None:
        with LockedFolders().alone_in(tmp_path / "a", wait):
            (tmp_path / "a" / "made").touch()

    with ThreadPoolExecutor() as threads:
        with LockedFolders().alone_in(tmp_path / "a", nullcontext):
            waiter = threads.submit(second)
            assert is_waiting.wait(10)
            (tmp_path / "a").rmdir()
        waiter.result(10)
    assert (tmp_path / "a" / "made").exists()


def test_a_file_is_no_folder_to_be_alone_in(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with (
        pytest.raises(UnwritableOutput, match="file"),
        LockedFolders().alone_in(tmp_path / "file", nullcontext),
    ):
        pass
