"""Whatever a program says, every command works or refuses it in one line, and modes agree.

`pytest -m fuzz` tries thousands in processes with little memory, otherwise they are a few dozen.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from samples.guarded_trials import guarded_trials
from samples.malformed_programs import malformed
from samples.program_trials import converted_networks, drawn_operations, numbered, problems

FEW, MANY = 16, 4_000


def test_a_few_malformed_programs_are_computed_or_refused(tmp_path: Path) -> None:
    sounds = drawn_operations(1)
    for number in range(FEW):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert list(problems(*numbered(number, sounds, malformed), folder)) == []


@pytest.mark.fuzz
def test_thousands_of_malformed_programs_are_computed_or_refused(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    sounds = [*drawn_operations(3), *converted_networks(tmp_path)]
    trials = guarded_trials(range(MANY), sounds, tmp_path)
    found = {number: each for number, each in trials if each}

    assert found == {}
    record_property("malformed programs", MANY)
