"""Where the parts of a conversion come from: the model, and what goes with it."""

from collections.abc import Iterator, Sequence
from typing import final

import attrs

from ..domain.additions import Additions
from ..domain.changes import Changes
from ..domain.checkpoint import Checkpoint
from ..domain.component import Component
from ..domain.conversion.part import Part
from ..domain.errors import MismatchedCheckpoint
from ..domain.model_facts import ModelFamily
from ..domain.pipeline_manifest import PackageRecord
from ..domain.ports.changing import CheckpointChanging
from ..domain.ports.checkpoints import CheckpointSource
from ..domain.ports.companions import CompanionSource
from .sources import source_of


@final
class PartSources:
    """Asks the sources in their order; the first that knows a name is the one."""

    def __init__(
        self,
        sources: Sequence[CheckpointSource],
        companions: Sequence[CompanionSource],
        changing: CheckpointChanging,
    ) -> None:
        self._sources = sources
        self._companions = companions
        self._changing = changing

    def open(self, model: str, revision: str | None = None) -> Checkpoint:
        """Open a model as it is. Raises CheckpointError."""
        return source_of(self._sources, model).open(model, revision)

    def changed(self, base: Checkpoint, additions: Additions) -> Checkpoint:
        """The model with the weights that it is to have. Raises CheckpointError."""
        vae = None
        if additions.vae is not None:
            source = source_of(self._companions, additions.vae)
            vae = source.open_vae(additions.vae, base, additions.revisions.get(additions.vae))
        changes = Changes(vae=vae, loras=additions.loras, embeddings=additions.embeddings)
        return self._changing.change(base, changes) if changes else base

    def own(self, base: Checkpoint, component: Component) -> Part:
        """A component of the model itself. Raises MissingComponent."""
        return Part(
            checkpoint=base,
            component=component,
            file=component.package_name(base.facts.model_version),
            source=self._fingerprint(base, component),
        )

    def added(self, base: Checkpoint, additions: Additions) -> Iterator[Part]:
        """What goes with the model, opened one after another. Raises CheckpointError."""
        if additions.refiner is not None:
            yield self._refiner(base, additions.refiner, additions.revisions.get(additions.refiner))
        for name in additions.controlnets:
            yield self._controlnet(base, name, additions.revisions.get(name))

    def of(self, base: Checkpoint, record: PackageRecord) -> Checkpoint:
        """What a package was made from: the model, or what went with it. Raises CheckpointError."""
        if record.model is None:
            return base
        if record.component is Component.REFINER:
            return self._refiner(base, record.model, record.revision).checkpoint
        return self._controlnet(base, record.model, record.revision).checkpoint

    def _refiner(self, base: Checkpoint, name: str, revision: str | None) -> Part:
        refiner = self.open(name, revision)
        for checkpoint, family in (
            (base, ModelFamily.SDXL),
            (refiner, ModelFamily.SDXL_REFINER),
        ):
            if (found := checkpoint.facts.family) is not family:
                problem = f"{checkpoint.model} is {found.value} where {family.value} is needed"
                raise MismatchedCheckpoint(name, base.model, problem)
        component = Component.REFINER
        checkpoint = attrs.evolve(refiner, components=(component,))
        return Part(
            checkpoint=checkpoint,
            component=component,
            file=component.package_name(base.facts.model_version),
            source=self._fingerprint(checkpoint, component),
            model=name,
        )

    def _controlnet(self, base: Checkpoint, name: str, revision: str | None) -> Part:
        component = Component.CONTROLNET
        checkpoint = source_of(self._companions, name).open_controlnet(name, base, revision)
        return Part(
            checkpoint=checkpoint,
            component=component,
            file=component.package_name(checkpoint.facts.model_version),
            source=self._fingerprint(checkpoint, component),
            model=name,
        )

    def _fingerprint(self, checkpoint: Checkpoint, component: Component) -> str:
        source = source_of(self._sources, checkpoint.model)
        return source.fingerprint(checkpoint, component)
