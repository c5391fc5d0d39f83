"""The promises of domain/ports/turns.py, kept by the fake and by locks."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Event

import pytest
from coreml_stable_diffusion.adapters.files.locked_folders import LockedFolders
from coreml_stable_diffusion.domain.ports.turns import FolderTurns
from fakes.turns import FakeTurns


@pytest.fixture(params=["fake", "locks"])
def turns(request: pytest.FixtureRequest) -> FolderTurns:
    return FakeTurns() if request.param == "fake" else LockedFolders()


def never() -> AbstractContextManager[None]:
    raise AssertionError("nobody is there to wait for")


def test_whoever_comes_second_waits_until_the_first_is_done(
    turns: FolderTurns, tmp_path: Path
) -> None:
    is_waiting = Event()
    done = []

    def wait() -> AbstractContextManager[None]:
        is_waiting.set()
        return nullcontext()

    def second() -> None:
        with turns.alone_in(tmp_path / "folder", wait):
            done.append("second")

    with ThreadPoolExecutor() as threads:
        with turns.alone_in(tmp_path / "folder", never):
            waiter = threads.submit(second)
            assert is_waiting.wait(10)
            done.append("first")
        waiter.result(10)
    assert done == ["first", "second"]


def test_nobody_waits_for_those_in_other_folders_or_gone(
    turns: FolderTurns, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt), turns.alone_in(tmp_path / "folder", never):
        raise KeyboardInterrupt

    with turns.alone_in(tmp_path / "folder", never), turns.alone_in(tmp_path / "other", never):
        pass
