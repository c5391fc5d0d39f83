"""Who is told how far long work has come."""

from contextlib import AbstractContextManager
from typing import Protocol


class Task(Protocol):
    """One piece of work under way."""

    def advance(self, steps: int = 1) -> None:
        """Tell that this many more steps are done."""
        ...


class Observer(Protocol):
    """Hears of long work; never changes it."""

    def task(self, title: str, steps: int | None = None) -> AbstractContextManager[Task]:
        """Follow a piece of work of so many steps (None where nobody knows) until it ends."""
        ...

    def note(self, message: str) -> None:
        """Tell one fact that the user may want to know, such as that a package was reused."""
        ...
