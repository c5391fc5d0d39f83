"""Progress as bars that move, for a terminal."""

import contextlib
from collections.abc import Iterator
from typing import TextIO, final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from ...domain.ports.observing import Observer, Task


@final
class ProgressBars(Observer):
    """Draws one bar a task; bars of finished work stay, those of nested tasks stand together."""

    def __init__(self, stream: TextIO) -> None:
        self._open_tasks = 0
        self._progress = Progress(
            # A prompt or a path may hold square brackets, which are no markup.
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(file=stream),
        )

    @contextlib.contextmanager
    def task(self, title: str, steps: int | None = None) -> Iterator[Task]:
        """Show a bar, which only sways where nobody knows the number of steps."""
        self._progress.start()
        self._open_tasks += 1
        bar = self._progress.add_task(title, total=steps)
        try:
            yield _Bar(self._progress, bar)
            if steps is None:
                self._progress.update(bar, total=1, completed=1)
        finally:
            self._open_tasks -= 1
            if not self._open_tasks:
                self._settle()

    def note(self, message: str) -> None:
        """Print the message above the bars."""
        self._progress.console.print(message, markup=False, highlight=False, soft_wrap=True)

    def _settle(self) -> None:
        self._progress.stop()
        for bar in self._progress.task_ids:
            self._progress.remove_task(bar)


@final
class _Bar(Task):
    def __init__(self, progress: Progress, bar: TaskID) -> None:
        self._progress = progress
        self._bar = bar

    def advance(self, steps: int = 1) -> None:
        self._progress.advance(self._bar, steps)
