"""The promise of domain/ports/observing.py, kept by the fake and by every console."""

import io

import pytest
from coreml_stable_diffusion.adapters.console.json_lines import JsonLines
from coreml_stable_diffusion.adapters.console.plain_lines import PlainLines
from coreml_stable_diffusion.adapters.console.progress_bars import ProgressBars
from coreml_stable_diffusion.adapters.console.silence import Silence
from coreml_stable_diffusion.adapters.console.without_notes import WithoutNotes
from coreml_stable_diffusion.domain.ports.observing import Observer
from fakes.observing import FakeObserver


@pytest.fixture(params=["fake", "bars", "json", "lines", "silence", "without notes"])
def observer(request: pytest.FixtureRequest) -> Observer:
    observers: dict[str, Observer] = {
        "fake": FakeObserver(),
        "bars": ProgressBars(io.StringIO()),
        "json": JsonLines(io.StringIO()),
        "lines": PlainLines(io.StringIO()),
        "silence": Silence(),
        "without notes": WithoutNotes(FakeObserver()),
    }
    return observers[request.param]


@pytest.mark.parametrize("steps", [None, 0, 3])
def test_a_task_can_be_advanced(observer: Observer, steps: int | None) -> None:
    with observer.task("work", steps) as task:
        task.advance()
        task.advance(2)


def test_work_that_fails_fails_as_it_would_unseen(observer: Observer) -> None:
    with pytest.raises(ZeroDivisionError), observer.task("work", 2):
        _ = 1 / 0


def test_tasks_may_stand_within_tasks_and_follow_each_other(observer: Observer) -> None:
    for _ in range(2):
        with observer.task("outer", 2) as outer:
            with observer.task("inner") as inner:
                inner.advance()
            outer.advance()


def test_a_note_may_come_at_any_time(observer: Observer) -> None:
    observer.note("before")
    with observer.task("work"):
        observer.note("within")
    observer.note("after")
