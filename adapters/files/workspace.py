"""Results made beside their place, and moved there when they are whole."""

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import final

from ...domain.errors import UnwritableOutput
from ...domain.ports.sharing import FileSharing
from ...domain.ports.workspace import Workspace

# `.coreml-sd-partial-PID-NAME`: whoever finds one whose process is gone may remove it.
_PREFIX = ".coreml-sd"
_DISK_REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


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
            _remove(partial)
            _probe(partial)
        try:
            with _translated(destination, only=_DISK_REFUSALS):
                yield partial
            with _translated(destination):
                _move(partial, destination)
        finally:
            _remove(partial)

    def copy(self, source: Path, destination: Path) -> None:
        """Copy a file to its place; see the port."""
        with self.replacing(destination) as partial:
            shutil.copyfile(source, partial)

    def share(self, source: Path, destination: Path) -> None:
        """Make a hard link; see the port."""
        partial = _beside(destination, "partial")
        with _translated(destination):
            _remove(partial)
            partial.hardlink_to(source)
            partial.replace(destination)
            # Where both are one file already, replacing does nothing.
            _remove(partial)

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
    # The name comes last because coremltools insists on its ending.
    return destination.with_name(f"{_PREFIX}-{state}-{os.getpid()}-{destination.name}")


def _probe(path: Path) -> None:
    """Find out before hours of work whether the folder can be written."""
    path.mkdir()
    path.rmdir()


def _move(partial: Path, destination: Path) -> None:
    if not destination.is_dir() or destination.is_symlink():
        partial.replace(destination)
        return
    # No rename replaces a folder that is not empty.
    replaced = _beside(destination, "replaced")
    _remove(replaced)
    destination.rename(replaced)
    try:
        partial.rename(destination)
    except BaseException:
        replaced.rename(destination)
        raise
    _remove(replaced)


def _sweep(folder: Path) -> None:
    """Remove what processes that are gone have left half-written."""
    for leftover in folder.glob(f"{_PREFIX}-*-*-*"):
        process_id = leftover.name.removeprefix(f"{_PREFIX}-").split("-")[1]
        if process_id.isdecimal() and not _is_running(int(process_id)):
            _remove(leftover)


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
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
