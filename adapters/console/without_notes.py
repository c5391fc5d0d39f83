"""Another observer's tasks without its notes."""

from contextlib import AbstractContextManager
from typing import final

from ...domain.ports.observing import Observer, Task


@final
class WithoutNotes(Observer):
    """For work behind the scenes, of which only its length is of interest."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer

    def task(self, title: str, steps: int | None = None) -> AbstractContextManager[Task]:
        """Let the other observer follow the work."""
        return self._observer.task(title, steps)

    def note(self, message: str) -> None:
        """Keep the message from the other observer."""
