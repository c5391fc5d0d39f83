"""Convert a model again as a recipe tells, and say what came out otherwise."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import final

import attrs

from ..domain.additions import NOTHING, Additions
from ..domain.component import Component
from ..domain.conversion.plan import ConversionPlan
from ..domain.pipeline_manifest import PackageRecord, PipelineManifest
from .convert import Convert


@final
class Reproduce:
    """Takes a folder's `pipeline.json` for the recipe: it has everything but LoRA files."""

    def __init__(self, convert: Convert) -> None:
        self._convert = convert

    def __call__(
        self,
        recipe: PipelineManifest,
        destination: Path,
        model: str | None = None,
        revision: str | None = None,
        additions: Additions = NOTHING,
    ) -> tuple[str, ...]:
        """Convert every package of the recipe with its own settings; give the differences in words.

        On the same versions of everything there are none. `model` is where the checkpoint is now,
        and `revision` which one it is there; the recipe's own has that of the recipe. Raises
        InvalidRequest where a LoRA is lacking, and what converting raises.
        """
        changing = additions.with_changes(recipe.facts.changes)
        # What the recipe says, whatever the checkpoint says of itself.
        prediction = recipe.facts.scheduler.get("prediction_type")
        model = model or recipe.facts.model
        revision = revision or recipe.facts.revision_of(model)
        made = None
        for record in recipe.packages:
            made = self._convert(
                model,
                destination,
                attrs.evolve(_plan(record), prediction_type=prediction),
                revision,
                _additions(record, changing),
            )
        return () if made is None else tuple(_differences(recipe, made))


def _plan(record: PackageRecord) -> ConversionPlan:
    own = (record.component,) if record.model is None else ()
    return attrs.evolve(record.plan, components=own)


def _additions(record: PackageRecord, changing: Additions) -> Additions:
    if record.model is None:
        return changing
    revisions = {**changing.revisions, record.model: record.revision}
    if record.component is Component.REFINER:
        return attrs.evolve(changing, refiner=record.model, revisions=revisions)
    return attrs.evolve(changing, controlnets=(record.model,), revisions=revisions)


def _differences(recipe: PipelineManifest, made: PipelineManifest) -> Iterator[str]:
    records = {record.place: record for record in made.packages}
    for wanted in recipe.packages:
        found = records[wanted.place]
        if files := sorted(_other_files(wanted, found)):
            reasons = "; ".join(_reasons(wanted, found)) or "nobody knows why"
            yield f"{wanted.label}: other bytes in {', '.join(files)} ({reasons})"


def _other_files(wanted: PackageRecord, found: PackageRecord) -> Iterable[str]:
    names = wanted.files.keys() | found.files.keys()
    return (name for name in names if wanted.files.get(name) != found.files.get(name))


def _reasons(wanted: PackageRecord, found: PackageRecord) -> Iterator[str]:
    if wanted.source != found.source:
        yield "the weights are others"
    for library, version in found.versions.items():
        if wanted.versions.get(library) != version:
            yield f"{library} was {wanted.versions.get(library)}, is {version}"
