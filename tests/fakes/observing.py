"""An observer that remembers."""

from collections.abc import Iterator
from contextlib import contextmanager

import attrs
from coreml_stable_diffusion.domain.ports.observing import Observer, Task


@attrs.define
class FakeTask(Task):
    """`done` counts the steps; `ended` is true as soon as the work is over, failed or not."""

    title: str
    steps: int | None
    done: int = 0
    ended: bool = False

    def advance(self, steps: int = 1) -> None:
        self.done += steps


@attrs.define
class FakeObserver(Observer):
    """Has every task and note in the order in which they came."""

    tasks: list[FakeTask] = attrs.field(factory=list)
    notes: list[str] = attrs.field(factory=list)

    @contextmanager
    def task(self, title: str, steps: int | None = None) -> Iterator[Task]:
        task = FakeTask(title, steps)
        self.tasks.append(task)
        try:
            yield task
        finally:
            task.ended = True

    def note(self, message: str) -> None:
        self.notes.append(message)
