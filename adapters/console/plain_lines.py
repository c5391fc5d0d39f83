"""Progress as plain lines, for logs and pipes."""

import contextlib
import time
from collections.abc import Iterator
from typing import TextIO, final

from ...domain.ports.observing import Observer, Task
from .silence import UnseenTask


@final
class PlainLines(Observer):
    """Writes a line when a task begins and one with its seconds when it ends well."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @contextlib.contextmanager
    def task(self, title: str, steps: int | None = None) -> Iterator[Task]:
        """Say what begins, with its number of steps where that is known, and how long it took."""
        self.note(title if steps is None else f"{title} ({steps} steps)")
        started = time.monotonic()
        yield UnseenTask()
        self.note(f"{title}: done in {time.monotonic() - started:.1f} s")

    def note(self, message: str) -> None:
        """Write the message at once, so that a log is never behind."""
        print(message, file=self._stream, flush=True)
