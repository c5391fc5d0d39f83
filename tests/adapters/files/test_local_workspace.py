"""What only the workspace on disk has: leftovers of killed processes, refusals of the disk."""

import contextlib
import errno
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import pytest
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.domain.errors import UnwritableOutput

WORKER = """
import sys
from pathlib import Path
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace

with LocalWorkspace().replacing(Path(sys.argv[1])) as partial:
    partial.mkdir()
    (partial / "half").touch()
    print(partial, flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def working(destination: Path) -> Iterator[Path]:
    """What another process has made by half, until the block ends; then it is killed."""
    command = [sys.executable, "-c", WORKER, str(destination)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield Path(process.stdout.readline().strip())
        process.kill()


def make(destination: Path) -> None:
    with LocalWorkspace().replacing(destination) as partial:
        partial.write_text("new")


def test_leftovers_of_a_process_that_is_gone_are_removed(tmp_path: Path) -> None:
    with working(tmp_path / "vae-2.mlpackage") as leftover:
        pass
    assert (leftover / "half").exists()

    make(tmp_path / "unet")

    assert [path.name for path in tmp_path.iterdir()] == ["unet"]


def test_the_work_of_a_process_that_runs_is_left_alone(tmp_path: Path) -> None:
    with working(tmp_path / "vae.mlpackage") as work:
        make(tmp_path / "unet")

        assert work.is_dir()


def test_the_work_of_other_machines_is_left_alone_for_a_day(tmp_path: Path) -> None:
    work = tmp_path / f".coreml-sd-partial-{os.getpid()}-0123456789abcdef.0-vae.mlpackage"
    work.mkdir()

    make(tmp_path / "unet")
    assert work.is_dir()

    os.utime(work, (0, 0))
    make(tmp_path / "unet")
    assert not work.exists()


def test_a_leftover_of_the_same_process_id_is_no_hindrance(tmp_path: Path) -> None:
    leftover = tmp_path / f".coreml-sd-partial-{os.getpid()}-unet"
    leftover.mkdir()
    (leftover / "half").touch()

    make(tmp_path / "unet")

    assert (tmp_path / "unet").read_text() == "new"


def test_threads_that_make_the_same_folder_do_not_meet(tmp_path: Path) -> None:
    destination = tmp_path / "unet.mlpackage"

    def replace(number: int) -> None:
        with LocalWorkspace().replacing(destination) as partial:
            partial.mkdir()
            (partial / "weight.bin").write_text(str(number))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(replace, range(400)))

    assert [path.name for path in destination.iterdir()] == ["weight.bin"]
    assert list(tmp_path.iterdir()) == [destination]


def test_a_leftover_of_a_number_that_no_process_has_is_removed(tmp_path: Path) -> None:
    with working(tmp_path / "vae") as half:
        pass
    process_id = half.name.split("-")[3]
    leftover = half.rename(half.with_name(half.name.replace(process_id, str(10**30), 1)))

    with LocalWorkspace().replacing(tmp_path / "unet") as partial:
        partial.touch()

    assert not leftover.exists()


def test_other_hidden_files_stay(tmp_path: Path) -> None:
    (tmp_path / ".coreml-sd-notes-of-mine").touch()

    make(tmp_path / "unet")

    assert (tmp_path / ".coreml-sd-notes-of-mine").exists()


def test_nothing_made_leaves_the_old_result(tmp_path: Path) -> None:
    destination = tmp_path / "unet.mlpackage"
    destination.mkdir()
    (destination / "old").touch()

    with pytest.raises(UnwritableOutput), LocalWorkspace().replacing(destination):
        pass

    assert (destination / "old").exists()
    assert list(tmp_path.iterdir()) == [destination]


def test_a_full_disk_is_told_as_unwritable(tmp_path: Path) -> None:
    with (
        pytest.raises(UnwritableOutput, match="No space left"),
        LocalWorkspace().replacing(tmp_path / "unet"),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_an_error_of_reading_is_not_taken_for_one_of_writing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), LocalWorkspace().replacing(tmp_path / "unet"):
        (tmp_path / "absent").read_bytes()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_refused_before_the_work(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(UnwritableOutput), LocalWorkspace().replacing(tmp_path / "unet"):
        pytest.fail("the block must not be entered")


@pytest.mark.parametrize("renamed", [1, 2])
def test_an_interruption_after_any_rename_leaves_one_result_whole(
    tmp_path: Path, renamed: int
) -> None:
    package = tmp_path / "unet.mlpackage"
    package.mkdir()
    (package / "program").write_text("old")
    renames = itertools.count(1)

    def interrupt(_frame: object, event: str, function: object) -> None:
        is_rename = event == "c_return" and function in (os.rename, os.replace)
        if is_rename and next(renames) == renamed:
            raise KeyboardInterrupt

    try:
        with pytest.raises(KeyboardInterrupt):
            replace(package, interrupt)
    finally:
        sys.setprofile(None)

    assert (package / "program").read_text() == ["old", "new"][renamed - 1]
    assert list(tmp_path.iterdir()) == [package]


def replace(package: Path, watch: Callable[[FrameType, str, object], None]) -> None:
    with LocalWorkspace().replacing(package) as partial:
        partial.mkdir()
        (partial / "program").write_text("new")
        sys.setprofile(watch)
