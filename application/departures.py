"""Finds where a package first gives something else than its checkpoint."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import final

from ..domain.checkpoint import Checkpoint
from ..domain.mil.program import Program
from ..domain.mil.value import StoredWeight
from ..domain.pipeline_manifest import PackageRecord
from ..domain.ports.converting import NetworkConverter
from ..domain.ports.networks import ExaminingRuntime
from ..domain.ports.observing import Observer
from ..domain.ports.tracing import NetworkTracer
from ..domain.tensor import Tensors
from ..domain.trial.divergence import OtherProgramError, first_divergence
from ..domain.verification.divergence import Departure


@final
class Departures:
    """Converts a component anew, without palettes, to have every result that it should give."""

    def __init__(
        self,
        *,
        tracer: NetworkTracer,
        converter: NetworkConverter,
        exact: ExaminingRuntime,
        observer: Observer,
    ) -> None:
        self._tracer = tracer
        self._converter = converter
        self._exact = exact
        self._observer = observer

    def __call__(
        self,
        checkpoint: Checkpoint,
        record: PackageRecord,
        package: Path,
        cases: Sequence[Tensors],
        threshold_db: float,
    ) -> Departure | None:
        """Find the first result under the threshold; None where only rounding tells them apart.

        The last of the cases in which there is one is the one that counts.
        None also where the package is another program than converting gives today, which is told.
        Raises what tracing, converting and examining raise.
        """
        network = self._tracer.trace(checkpoint, record.component, record.plan)
        program = self._converter.convert(network, record.plan)
        wanted = self._exact.program_to_examine(program, package)
        given = self._exact.load_to_examine(package)
        try:
            each = (first_divergence(wanted, given, case, threshold_db) for case in reversed(cases))
            found = next(filter(None, each), None)
        except OtherProgramError:
            self._observer.note(
                f"{record.label}: which operation goes astray cannot be told, since converting"
                " gives another program today"
            )
            return None
        if found is None:
            return None
        return Departure(found.result, found.psnr_db, tuple(_weights_behind(found.result, program)))


def _weights_behind(result: str, program: Program) -> Iterator[str]:
    """The names of the stored weights that the operation with this result is given."""
    operations = program.main_function.body.operations
    stored = {
        made.name
        for each in operations
        if isinstance(each.attributes.get("val"), StoredWeight)
        for made in each.outputs
    }
    for each in operations:
        if result in (made.name for made in each.outputs):
            yield from (name for name in each.names_used if name in stored)
