"""The promise of domain/ports/observing.py, kept by the fake and by every console."""

import io
import re
from collections.abc import Callable

import attrs
import pytest
from coreml_stable_diffusion.adapters.console.json_lines import JsonLines
from coreml_stable_diffusion.adapters.console.plain_lines import PlainLines
from coreml_stable_diffusion.adapters.console.progress_bars import ProgressBars
from coreml_stable_diffusion.adapters.console.silence import Silence
from coreml_stable_diffusion.adapters.console.without_notes import WithoutNotes
from coreml_stable_diffusion.domain.ports.observing import Observer
from fakes.observing import FakeObserver


@attrs.frozen(kw_only=True)
class Watched:
    """An observer and what it has told so far; `three_steps` is how it says that three are done."""

    observer: Observer
    told: Callable[[], str]
    tells_tasks: bool = True
    tells_notes: bool = True
    three_steps: str = ""

    def found(self, *words: str) -> list[str]:
        """Those of the words that were told, in the order in which they came, as often as that."""
        return re.findall("|".join(words), self.told())


def remembered(fake: FakeObserver) -> str:
    tasks = [f"{each.title}: {each.done} of {each.steps}" for each in fake.tasks]
    return "\n".join([*tasks, *fake.notes])


def watched(name: str, capsys: pytest.CaptureFixture[str]) -> Watched:
    def written() -> str:
        return "".join(capsys.readouterr())

    fake, stream = FakeObserver(), io.StringIO()
    by_name = {
        "fake": Watched(observer=fake, told=lambda: remembered(fake), three_steps="work: 3 of 3"),
        "bars": Watched(observer=ProgressBars(stream), told=stream.getvalue, three_steps="3/3"),
        "json": Watched(
            observer=JsonLines(stream), told=stream.getvalue, three_steps='"done": 3, "steps": 3'
        ),
        "lines": Watched(observer=PlainLines(stream), told=stream.getvalue),
        "silence": Watched(observer=Silence(), told=written, tells_tasks=False, tells_notes=False),
        "without notes": Watched(
            observer=WithoutNotes(fake),
            told=lambda: remembered(fake),
            tells_notes=False,
            three_steps="work: 3 of 3",
        ),
    }
    return by_name[name]


@pytest.fixture(params=["fake", "bars", "json", "lines", "silence", "without notes"])
def watching(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Watched:
    return watched(request.param, capsys)


@pytest.mark.parametrize("steps", [None, 0, 3])
def test_a_task_is_told_whatever_its_number_of_steps(watching: Watched, steps: int | None) -> None:
    with watching.observer.task("work", steps) as task:
        task.advance()
        task.advance(2)

    assert bool(watching.found("work")) == watching.tells_tasks


@pytest.mark.parametrize("name", ["fake", "bars", "json", "without notes"])
def test_steps_that_are_done_add_up(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    watching = watched(name, capsys)

    with watching.observer.task("work", 3) as task:
        task.advance()
        task.advance(2)

    assert watching.three_steps in watching.told()


def test_work_that_fails_fails_as_it_would_unseen(watching: Watched) -> None:
    with pytest.raises(ZeroDivisionError), watching.observer.task("work", 2):
        _ = 1 / 0
    with watching.observer.task("more"):
        pass

    assert list(dict.fromkeys(watching.found("work", "more"))) == (
        ["work", "more"] if watching.tells_tasks else []
    )


def test_tasks_may_stand_within_tasks_and_follow_each_other(watching: Watched) -> None:
    for _ in range(2):
        with watching.observer.task("outer", 2) as outer:
            with watching.observer.task("inner") as inner:
                inner.advance()
            outer.advance()

    told = watching.found("outer", "inner")
    assert list(dict.fromkeys(told)) == (["outer", "inner"] if watching.tells_tasks else [])
    assert told.count("outer") == told.count("inner") >= (2 if watching.tells_tasks else 0)


def test_notes_come_at_any_time_and_in_their_order(watching: Watched) -> None:
    watching.observer.note("before")
    with watching.observer.task("work"):
        watching.observer.note("within")
    watching.observer.note("after")

    told = watching.found("before", "within", "after")
    assert told == (["before", "within", "after"] if watching.tells_notes else [])
