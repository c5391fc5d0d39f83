"""Make a program's weights small: palettes of a few values, and indices into them."""

from collections import Counter
from collections.abc import Mapping
from typing import final

from ..domain.compression.palettization import Palettization
from ..domain.compression.palettized_program import palettized, require_palettizable
from ..domain.compression.palettized_weight import PalettizedWeight
from ..domain.compression.selection import Candidate, Left, Place, select
from ..domain.mil.program import Program
from ..domain.ports.observing import Observer


@final
class Palettize:
    """Finds the palettes of a program, one weight in memory at a time."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer

    def __call__(self, program: Program, palettization: Palettization, name: str) -> Program:
        """The program with palettes; its indices are computed when it is written.

        Where there is nothing to palettize it is the program itself.
        What is not palettized is noted, with the reason; `name` is what the user calls the program.
        Raises InvalidRequest where the program cannot say what is asked for, and ValueError with
        the weight where no palette can hold its values.
        """
        require_palettizable(program, palettization)
        decisions = dict(select(program, palettization))
        chosen = {place: each for place, each in decisions.items() if isinstance(each, Candidate)}
        self._tell(Counter(each for each in decisions.values() if isinstance(each, Left)))
        if not chosen:
            return program
        made: dict[Candidate, PalettizedWeight] = {}
        title = f"Palettizing {name}"
        with self._observer.task(title, steps=len(set(chosen.values()))) as task:
            for place, candidate in chosen.items():
                if candidate not in made:
                    made[candidate] = _palettized_weight(place, candidate, palettization)
                    task.advance()
        weights: Mapping[Place, PalettizedWeight] = {
            place: made[candidate] for place, candidate in chosen.items()
        }
        return palettized(program, weights)

    def _tell(self, left: Counter[Left]) -> None:
        for reason, count in left.items():
            weights = "weight stays" if count == 1 else "weights stay"
            self._observer.note(f"{count} {weights}: {reason.value}")


def _palettized_weight(
    place: Place, candidate: Candidate, palettization: Palettization
) -> PalettizedWeight:
    try:
        return PalettizedWeight.of(candidate.weight, candidate.axis, palettization)
    except ValueError as error:
        raise ValueError(f"no palette can hold the weight {place.name}: {error}") from error
