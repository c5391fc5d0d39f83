"""Results made beside their place, and moved there when they are whole."""

import contextlib
import errno
import hashlib
import itertools
import os
import secrets
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import final

from ...domain.errors import UnwritableOutput
from ...domain.ports.sharing import FileSharing
from ...domain.ports.workspace import Workspace

#: The disk's own problems, whatever is being written.
DISK_REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)

# `.coreml-sd-partial-PID-RUN.NUMBER-NAME`: whoever finds one whose process is gone may remove it.
_PREFIX = ".coreml-sd"
# Processes of other machines and containers cannot be seen, though what they write can. Containers
# may call themselves alike, but on Linux this link leads each elsewhere.
_PROCESSES = Path("/proc/self/ns/pid").resolve().name
_PLACE = hashlib.sha256(f"{socket.gethostname()} {_PROCESSES}".encode()).hexdigest()[:8]
_LONGEST_SECONDS = 24 * 60 * 60
# A process id comes again, in containers with every start, and threads share one.
_RUN = f"{_PLACE}{secrets.token_hex(4)}"
_NUMBERS = itertools.count()
# What renaming says of a destination that is a folder with something in it.
_OCCUPIED = (errno.ENOTEMPTY, errno.EEXIST)


@final
class LocalWorkspace(Workspace, FileSharing):
    """Writes to hidden names in the destination's own folder, so that the last move is a rename."""

    @contextlib.contextmanager
    def replacing(self, destination: Path) -> Iterator[Path]:
        """Lend a free path beside the destination and move what stands there into its place."""
        partial = _beside(destination, "partial")
        with _translated(destination):
            destination.parent.mkdir(parents=True, exist_ok=True)
            _sweep(destination.parent)
            _probe(partial)
        try:
            with _translated(destination, only=DISK_REFUSALS):
                yield partial
            with _translated(destination):
                _move(partial, destination)
        finally:
            _remove(partial)

    def copy(self, source: Path, destination: Path) -> None:
        """Copy a file to its place; see the port."""
        with self.replacing(destination) as partial:
            shutil.copyfile(source, partial)

    def share(self, source: Path, destination: Path) -> int:
        """Make a hard link; see the port."""
        partial = _beside(destination, "partial")
        with _translated(destination):
            partial.hardlink_to(source)
            partial.replace(destination)
            # Where both are one file already, replacing does nothing.
            _remove(partial)
            return destination.stat().st_size

    def remove(self, path: Path) -> None:
        """Take the path away first, so that nobody finds half of what was there."""
        doomed = _beside(path, "removed")
        with _translated(path), contextlib.suppress(FileNotFoundError):
            path.rename(doomed)
            _remove(doomed)

    def digests(self, folder: Path) -> Mapping[str, str]:
        """The SHA-256 of every file in the folder, in the order of their paths."""
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): _sha256(path) for path in files}


def _beside(destination: Path, state: str) -> Path:
    """A hidden path that nobody else has, be it for the same destination."""
    if not destination.name:
        raise UnwritableOutput(destination, "it has no name; give one")
    maker = f"{os.getpid()}-{_RUN}.{next(_NUMBERS)}"
    # The name comes last because coremltools insists on its ending.
    return destination.with_name(f"{_PREFIX}-{state}-{maker}-{destination.name}")


def _probe(path: Path) -> None:
    """Find out before hours of work whether the folder can be written."""
    path.mkdir()
    path.rmdir()


def _move(partial: Path, destination: Path) -> None:
    """Let only a file take a file's place, and only a folder a folder's, which may be others'."""
    try:
        partial.replace(destination)
    except IsADirectoryError as error:
        raise UnwritableOutput(destination, "it is a folder; name a file") from error
    except NotADirectoryError as error:
        problem = "it is no folder; name another, or move it away"
        raise UnwritableOutput(destination, problem) from error
    except OSError as error:
        if error.errno not in _OCCUPIED:
            raise
        _exchange(partial, destination)


def _exchange(partial: Path, destination: Path) -> None:
    """Put a folder where one is, which no rename does while something is in that."""
    if not _are_alike(partial, destination):
        raise UnwritableOutput(destination, "it holds something else; name another, or move it")
    replaced = _beside(destination, "replaced")
    try:
        # Whoever makes the same may be first to take it away, and to fill the gap.
        with contextlib.suppress(FileNotFoundError):
            destination.rename(replaced)
        _move(partial, destination)
    except BaseException:
        # Which is refused where the new one is there already.
        with contextlib.suppress(OSError):
            replaced.rename(destination)
        if destination.exists():
            _remove(replaced)
        raise
    _remove(replaced)


def _are_alike(folder: Path, other: Path) -> bool:
    """Whether one may be an earlier form of the other: nobody's notes look like a package."""
    try:
        names = {path.name for path in other.iterdir()}
    except FileNotFoundError:
        return True
    return not names or any(path.name in names for path in folder.iterdir())


def _sweep(folder: Path) -> None:
    """Remove what processes that are gone have left half-written."""
    for leftover in folder.glob(f"{_PREFIX}-*-*-*"):
        _, process_id, run, *_ = leftover.name.removeprefix(f"{_PREFIX}-").split("-")
        if process_id.isdecimal() and not _is_at_work(int(process_id), run, leftover):
            _remove(leftover)


def _is_at_work(process_id: int, run: str, path: Path) -> bool:
    if not run.startswith(_PLACE):
        return _age_seconds(path) < _LONGEST_SECONDS
    if process_id == os.getpid():
        return run.startswith(_RUN)
    return _is_running(process_id)


def _age_seconds(path: Path) -> float:
    try:
        return time.time() - path.lstat().st_mtime
    except FileNotFoundError:
        return 0


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _translated(destination: Path, only: tuple[int, ...] | None = None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if only is not None and error.errno not in only:
            raise
        raise UnwritableOutput(destination, error.strerror or str(error)) from error
