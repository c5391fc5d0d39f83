"""Turns within one process, held to the promises of domain/ports/turns.py."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

import attrs
from coreml_stable_diffusion.domain.ports.turns import FolderTurns, Waiting


@attrs.frozen
class FakeTurns(FolderTurns):
    """Has a lock for every folder."""

    locks: dict[Path, Lock] = attrs.field(factory=dict)

    @contextlib.contextmanager
    def alone_in(self, folder: Path, waiting: Waiting) -> Iterator[None]:
        lock = self.locks.setdefault(folder, Lock())
        if not lock.acquire(blocking=False):
            with waiting():
                lock.acquire()
        try:
            yield
        finally:
            lock.release()
