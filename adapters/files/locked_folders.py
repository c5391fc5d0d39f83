"""Turns with a folder as a lock on the folder itself, which ends with whoever holds it."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import final

from ...domain.errors import UnwritableOutput
from ...domain.ports.turns import FolderTurns, Waiting


@final
class LockedFolders(FolderTurns):
    """Makes folders that are not there, and takes them away where nothing came of it."""

    @contextlib.contextmanager
    def alone_in(self, folder: Path, waiting: Waiting) -> Iterator[None]:
        """Lock the folder; see the port."""
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        try:
            descriptor = _locked(folder, waiting)
        except OSError as error:
            raise UnwritableOutput(folder, error.strerror or str(error)) from error
        try:
            yield
        except BaseException:
            with contextlib.suppress(OSError):
                for each in missing:
                    each.rmdir()
            raise
        finally:
            os.close(descriptor)


def _locked(folder: Path, waiting: Waiting) -> int:
    """Lock what is there once it is locked: whoever was first may have taken the folder away."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            _lock(descriptor, waiting)
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(descriptor), folder.stat()):
                    return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _lock(descriptor: int, waiting: Waiting) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        with waiting():
            fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:
        # A drive that locks nothing, as some networks' do, is no worse than before.
        return
