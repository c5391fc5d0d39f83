"""No progress at all, for `--quiet` and for use as a library."""

import contextlib
from collections.abc import Iterator
from typing import final

from ...domain.ports.observing import Observer, Task


@final
class Silence(Observer):
    """Shows nothing."""

    @contextlib.contextmanager
    def task(self, title: str, steps: int | None = None) -> Iterator[Task]:  # noqa: ARG002 - port
        """Follow the work without a word."""
        yield UnseenTask()

    def note(self, message: str) -> None:
        """Keep the message to itself."""


@final
class UnseenTask(Task):
    """A task whose single steps nobody sees."""

    def advance(self, steps: int = 1) -> None:
        """Pass over the steps."""
