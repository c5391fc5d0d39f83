"""Trials in a process of their own, whose end, silence or hunger is a finding like any other."""

import multiprocessing
import resource
import shutil
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import torch
from samples.malformed_programs import malformed
from samples.program_trials import Sound, numbered, problems

_SPAWN = multiprocessing.get_context("spawn")  # a fork would share PyTorch's threads
_MOST_BYTES = 6 << 30
_LONGEST_SECONDS = 120


def guarded_trials(
    numbers: range, sounds: list[Sound], folder: Path
) -> Iterator[tuple[int, list[str]]]:
    """Each number with the problems of its trial; a process that dies is begun anew after it."""
    first = numbers.start
    while first < numbers.stop:
        ours, theirs = _SPAWN.Pipe()
        place = folder / str(first)
        place.mkdir()
        child = _SPAWN.Process(
            target=_try_all, args=(theirs, range(first, numbers.stop), sounds, place)
        )
        child.start()
        theirs.close()
        try:
            while first < numbers.stop:
                found = ours.recv() if ours.poll(_LONGEST_SECONDS) else ["it did not end"]
                yield first, found
                first += 1
                if found == ["it did not end"]:
                    break
        except EOFError:
            child.join()
            yield first, [f"it ended the process with {child.exitcode}"]
            first += 1
        finally:
            child.kill()
            child.join()


def _try_all(results: Connection, numbers: range, sounds: list[Sound], folder: Path) -> None:
    torch.set_num_threads(1)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    for number in numbers:
        trial = folder / "trial"
        trial.mkdir()
        results.send(list(problems(*numbered(number, sounds, malformed), trial)))
        shutil.rmtree(trial)
