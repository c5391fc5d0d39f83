"""What a conversion keeps of the packages that an earlier one left in the folder."""

from collections.abc import Mapping, Sequence

import attrs

from ..domain.checkpoint import Checkpoint
from ..domain.component import Place
from ..domain.pipeline_manifest import PackageRecord, PipelineManifest
from ..domain.ports.observing import Observer
from ..domain.staleness import reasons_to_forget, reasons_to_rebuild


def of_this_model(earlier: PipelineManifest | None, base: Checkpoint) -> dict[Place, PackageRecord]:
    """The packages that an earlier run recorded, of what this model has."""
    if earlier is None:
        return {}
    is_same_model = earlier.facts.model == base.model
    return {
        each.place: each
        for each in earlier.packages
        if (is_same_model if each.model is not None else each.component in base.components)
    }


def kept_packages(
    found: Mapping[Place, PackageRecord],
    wanted: Mapping[Place, PackageRecord],
    unasked: Mapping[Place, PackageRecord],
    observer: Observer,
) -> list[PackageRecord]:
    """The packages that can stay; tells of each whether it does, and why not.

    `wanted` and `unasked` are the records that those that are asked for now, and the others, would
    get today.
    """
    kept = []
    for place, record in found.items():
        if is_asked := place in wanted:
            reasons = reasons_to_rebuild(record, wanted[place])
        else:
            reasons = reasons_to_forget(record, unasked[place])
        if not reasons:
            # What leaves no trace in the package may have been asked for anew.
            today = wanted[place] if is_asked else record
            kept.append(attrs.evolve(record, plan=today.plan, revision=today.revision))
        _tell(observer, record.label, is_asked=is_asked, reasons=reasons)
    return kept


def _tell(observer: Observer, label: str, *, is_asked: bool, reasons: Sequence[str]) -> None:
    why = "; ".join(reasons)
    if is_asked and reasons:
        observer.note(f"{label}: rebuilt, because {why}")
    elif is_asked:
        observer.note(f"{label}: reused")
    elif reasons:
        observer.note(f"{label}: left out from now on, because {why}")
