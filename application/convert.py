"""Converts a checkpoint to a folder of packages that generating needs nothing else for."""

from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import final

import attrs

from ..domain.checkpoint import Checkpoint
from ..domain.component import Component
from ..domain.conversion.plan import ConversionPlan
from ..domain.errors import NotACheckpoint, NotAModelFolder
from ..domain.pipeline_manifest import PackageRecord, PipelineManifest
from ..domain.ports.checkpoints import CheckpointSource
from ..domain.ports.converting import NetworkConverter
from ..domain.ports.model_folders import ModelFolders
from ..domain.ports.observing import Observer
from ..domain.ports.packages import PackageWriter
from ..domain.ports.tracing import NetworkTracer
from ..domain.ports.workspace import Workspace
from ..domain.staleness import reasons_to_forget, reasons_to_rebuild

_LIBRARIES = ("coreml-stable-diffusion", "coremltools", "torch", "diffusers", "transformers")


@final
class Convert:
    """Converts one component at a time and keeps each as soon as it is whole.

    `pipeline.json` names only packages that are whole and fit together, at every moment; so a run
    that was stopped is finished by running it again.
    """

    def __init__(
        self,
        *,
        sources: Sequence[CheckpointSource],
        tracer: NetworkTracer,
        converter: NetworkConverter,
        writer: PackageWriter,
        workspace: Workspace,
        model_folders: ModelFolders,
        observer: Observer,
    ) -> None:
        """Ask the sources in their order for a checkpoint."""
        self._sources = tuple(sources)
        self._tracer = tracer
        self._converter = converter
        self._writer = writer
        self._workspace = workspace
        self._model_folders = model_folders
        self._observer = observer

    def __call__(
        self, model: str, destination: Path, plan: ConversionPlan, revision: str | None = None
    ) -> PipelineManifest:
        """Convert what the plan names, except packages that are already as they would become.

        Raises CheckpointError, ConversionFailed and UnwritableOutput.
        """
        source = self._source(model)
        checkpoint = source.open(model, revision)
        asked = _asked(plan, checkpoint)
        # First because it is quick, and tells whether the folder can be written at all.
        self._model_folders.copy_tokenizer(checkpoint, destination)
        found = self._found(destination, checkpoint)
        wanted = {
            component: self._wanted(source, checkpoint, component, plan, destination)
            for component in {*asked, *found}
        }
        kept = self._kept(found, wanted, asked)
        manifest = _manifest(checkpoint, plan, kept)
        self._model_folders.write_manifest(destination, manifest)
        for component in asked:
            if manifest.record(component) is None:
                record = self._convert(checkpoint, wanted[component], destination)
                manifest = attrs.evolve(manifest, packages=_in_order(*manifest.packages, record))
                self._model_folders.write_manifest(destination, manifest)
        return manifest

    def _source(self, model: str) -> CheckpointSource:
        for source in self._sources:
            if source.knows(model):
                return source
        raise NotACheckpoint(model, "there is no such folder, and a Hub id reads OWNER/NAME")

    def _wanted(
        self,
        source: CheckpointSource,
        checkpoint: Checkpoint,
        component: Component,
        plan: ConversionPlan,
        destination: Path,
    ) -> PackageRecord:
        """The record that the component would get; its files are those that are there now."""
        file = component.package_name(checkpoint.facts.model_version)
        return PackageRecord(
            component=component,
            file=file,
            files=self._workspace.digests(destination / file),
            source=source.fingerprint(checkpoint, component),
            plan=plan.settled_for(component, checkpoint),
            versions={library: _version(library) for library in _LIBRARIES},
        )

    def _found(self, destination: Path, checkpoint: Checkpoint) -> dict[Component, PackageRecord]:
        """The packages that an earlier run recorded, of what this checkpoint has."""
        try:
            records = self._model_folders.read_manifest(destination).packages
        except NotAModelFolder:
            return {}
        return {each.component: each for each in records if each.component in checkpoint.components}

    def _kept(
        self,
        found: Mapping[Component, PackageRecord],
        wanted: Mapping[Component, PackageRecord],
        asked: Sequence[Component],
    ) -> list[PackageRecord]:
        """The packages that can stay; tells of each whether it does, and why not."""
        kept = []
        for component, record in found.items():
            is_asked = component in asked
            reasons_against = reasons_to_rebuild if is_asked else reasons_to_forget
            reasons = reasons_against(record, wanted[component])
            if not reasons:
                # What leaves no trace in the package may have been asked for anew.
                plan = wanted[component].plan if is_asked else record.plan
                kept.append(attrs.evolve(record, plan=plan))
            self._tell(component, is_asked=is_asked, reasons=reasons)
        return kept

    def _tell(self, component: Component, *, is_asked: bool, reasons: Sequence[str]) -> None:
        why = "; ".join(reasons)
        if is_asked and reasons:
            self._observer.note(f"{component.label}: rebuilt, because {why}")
        elif is_asked:
            self._observer.note(f"{component.label}: reused")
        elif reasons:
            self._observer.note(f"{component.label}: left out from now on, because {why}")

    def _convert(
        self, checkpoint: Checkpoint, wanted: PackageRecord, destination: Path
    ) -> PackageRecord:
        component, plan = wanted.component, wanted.plan
        with self._observer.task(f"Converting the {component.label}", steps=3) as task:
            network = self._tracer.trace(checkpoint, component, plan)
            for note in network.notes:
                self._observer.note(note)
            task.advance()
            program = self._converter.convert(network, plan)
            task.advance()
            with self._workspace.replacing(destination / wanted.file) as partial:
                self._writer.write(program, partial)
                files = self._workspace.digests(partial)
            task.advance()
        return attrs.evolve(wanted, files=files)


def _asked(plan: ConversionPlan, checkpoint: Checkpoint) -> tuple[Component, ...]:
    if plan.components is None:
        return tuple(each for each in checkpoint.components if not each.on_demand)
    for component in plan.components:
        checkpoint.require(component)
    return tuple(component for component in Component if component in plan.components)


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "not installed"


def _in_order(*records: PackageRecord) -> tuple[PackageRecord, ...]:
    order = list(Component)
    return tuple(sorted(records, key=lambda record: order.index(record.component)))


def _manifest(
    checkpoint: Checkpoint, plan: ConversionPlan, packages: Iterable[PackageRecord]
) -> PipelineManifest:
    latent_height, latent_width = plan.latent_size(checkpoint)
    facts = attrs.evolve(checkpoint.facts, latent_height=latent_height, latent_width=latent_width)
    return PipelineManifest(facts=facts, packages=_in_order(*packages))
