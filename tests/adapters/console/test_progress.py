"""What stands on the console after work was followed."""

import io
import json

import pytest
from coreml_stable_diffusion.adapters.console.json_lines import JsonLines
from coreml_stable_diffusion.adapters.console.plain_lines import PlainLines
from coreml_stable_diffusion.adapters.console.progress_bars import ProgressBars
from coreml_stable_diffusion.adapters.console.without_notes import WithoutNotes
from fakes.observing import FakeObserver


def test_plain_lines_say_what_began_and_how_long_it_took() -> None:
    stream = io.StringIO()

    with PlainLines(stream).task("Drawing", steps=3) as task:
        task.advance(3)

    first, last = stream.getvalue().splitlines()
    assert first == "Drawing (3 steps)"
    assert last.startswith("Drawing: done in ")
    assert last.endswith(" s")


def test_plain_lines_do_not_call_failed_work_done() -> None:
    stream = io.StringIO()

    with pytest.raises(KeyboardInterrupt), PlainLines(stream).task("Drawing"):
        raise KeyboardInterrupt

    assert stream.getvalue() == "Drawing\n"


def test_bars_show_the_steps_that_are_done() -> None:
    stream = io.StringIO()

    with ProgressBars(stream).task("Drawing", steps=3) as task:
        task.advance()
        task.advance()

    assert "Drawing" in stream.getvalue()
    assert "2/3" in stream.getvalue()


def test_bars_take_square_brackets_literally() -> None:
    stream = io.StringIO()
    bars = ProgressBars(stream)

    bars.note("wrote /tmp/[bold]/a.png")
    with bars.task("a [red]circle"):
        pass

    assert "wrote /tmp/[bold]/a.png" in stream.getvalue()
    assert "a [red]circle" in stream.getvalue()


def test_bars_of_earlier_work_are_not_drawn_again() -> None:
    stream = io.StringIO()
    bars = ProgressBars(stream)
    with bars.task("First"):
        pass
    stream.truncate(0)

    with bars.task("Second"):
        pass

    assert "First" not in stream.getvalue()
    assert "Second" in stream.getvalue()


def test_without_notes_the_work_is_still_followed() -> None:
    observer = FakeObserver()

    with WithoutNotes(observer).task("Converting", steps=2) as task:
        WithoutNotes(observer).note("reused")
        task.advance()

    assert observer.notes == []
    assert [(each.title, each.done) for each in observer.tasks] == [("Converting", 1)]


def test_json_lines_tell_every_event_of_every_task() -> None:
    stream = io.StringIO()
    observer = JsonLines(stream)

    observer.note("Seed 3")
    with observer.task("Drawing", steps=3) as task:
        task.advance(2)
        with pytest.raises(KeyboardInterrupt), observer.task("Décoding"):
            raise KeyboardInterrupt

    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert all(event.pop("seconds", 0) < 60 for event in events)
    assert events == [
        {"event": "note", "message": "Seed 3"},
        {"event": "start", "task": 1, "title": "Drawing", "steps": 3},
        {"event": "step", "task": 1, "done": 2, "steps": 3},
        {"event": "start", "task": 2, "title": "Décoding", "steps": None},
        {"event": "failure", "task": 2},
        {"event": "end", "task": 1},
    ]
