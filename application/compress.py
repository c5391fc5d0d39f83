"""Make a package small: its weights become palettes of a few values and indices into them."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from ..domain.compression.palettization import Palettization
from ..domain.compression.palettized_program import palettized, require_palettizable
from ..domain.compression.palettized_weight import PalettizedWeight
from ..domain.compression.selection import Candidate, Left, Place, select
from ..domain.errors import InvalidRequest
from ..domain.mil.program import Program
from ..domain.ports.observing import Observer
from ..domain.ports.packages import PackageReader, PackageWriter
from ..domain.ports.workspace import Workspace


class Compress:
    """Palettizes a package, one weight in memory at a time."""

    def __init__(
        self,
        *,
        reader: PackageReader,
        writer: PackageWriter,
        workspace: Workspace,
        observer: Observer,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._workspace = workspace
        self._observer = observer

    def __call__(
        self, package: Path, palettization: Palettization, destination: Path | None = None
    ) -> Path:
        """Write the small package to the destination, or in place where there is none.

        What is not palettized is noted, with the reason. A destination that exists is never
        replaced. Raises InvalidRequest, BrokenPackage and UnwritableOutput.
        """
        if destination is not None and destination.exists():
            problem = f"{destination} is there already; name another, or move it away"
            raise InvalidRequest("--output", problem)
        program = self._reader.read(package)
        if package.suffix == ".mlmodelc":
            problem = f"{package} is compiled; turn it into a package with `coreml-sd decompile`"
            raise InvalidRequest("package", problem)
        require_palettizable(program, palettization)
        weights = self._palettize(package, program, palettization)
        small = destination or package
        with self._workspace.replacing(small) as partial:
            self._writer.write(palettized(program, weights), partial)
        return small

    def _palettize(
        self, package: Path, program: Program, palettization: Palettization
    ) -> Mapping[Place, PalettizedWeight]:
        decisions = dict(select(program, palettization))
        chosen = {place: each for place, each in decisions.items() if isinstance(each, Candidate)}
        self._tell(Counter(each for each in decisions.values() if isinstance(each, Left)))
        made: dict[Candidate, PalettizedWeight] = {}
        title = f"Palettizing {package.name}"
        with self._observer.task(title, steps=len(set(chosen.values()))) as task:
            for place, candidate in chosen.items():
                if candidate not in made:
                    made[candidate] = _palettized_weight(place, candidate, palettization)
                    task.advance()
        return {place: made[candidate] for place, candidate in chosen.items()}

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
        problem = f"no palette can hold the weight {place.name}: {error}; convert it again"
        raise InvalidRequest("package", problem) from error
