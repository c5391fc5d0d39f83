"""Progress as lines of JSON, for programs."""

import contextlib
import itertools
import json
import time
from collections.abc import Iterator
from typing import Any, TextIO, final

from ...domain.ports.observing import Observer, Task


@final
class JsonLines(Observer):
    """Writes an object for everything that happens; `event` says what.

    `start`, `step`, `end` and `failure` belong together by `task`, a number; `steps` of null are
    those that nobody knows. A `note` is a `message`.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._numbers = itertools.count(1)

    @contextlib.contextmanager
    def task(self, title: str, steps: int | None = None) -> Iterator[Task]:
        """Tell that it begins, each of its steps, and how many seconds it took."""
        number, started = next(self._numbers), time.monotonic()
        self._tell("start", task=number, title=title, steps=steps)
        ending = "failure"
        try:
            yield _ToldTask(self, number, steps)
            ending = "end"
        finally:
            self._tell(ending, task=number, seconds=round(time.monotonic() - started, 3))

    def note(self, message: str) -> None:
        """Tell the message."""
        self._tell("note", message=message)

    def step(self, number: int, done: int, steps: int | None) -> None:
        """Tell how far a task has come."""
        self._tell("step", task=number, done=done, steps=steps)

    def _tell(self, event: str, **facts: Any) -> None:
        line = json.dumps({"event": event, **facts}, ensure_ascii=False)
        print(line, file=self._stream, flush=True)


@final
class _ToldTask(Task):
    def __init__(self, lines: JsonLines, number: int, steps: int | None) -> None:
        self._lines = lines
        self._number = number
        self._steps = steps
        self._done = 0

    def advance(self, steps: int = 1) -> None:
        self._done += steps
        self._lines.step(self._number, self._done, self._steps)
