"""Hold a folder of packages against the checkpoint that they were converted from."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import final

import attrs

from ..domain.additions import NOTHING, Additions
from ..domain.checkpoint import Checkpoint
from ..domain.component import Component
from ..domain.conversion.plan import ConversionPlan
from ..domain.errors import NotACheckpoint, UnreachableCheckpoint
from ..domain.fidelity import psnr_db
from ..domain.pipeline_manifest import PackageRecord, PipelineManifest
from ..domain.ports.model_folders import ModelFolders
from ..domain.ports.networks import ExaminingRuntime, Network, NetworkRuntime
from ..domain.ports.observing import Observer
from ..domain.ports.originals import OriginalNetworks
from ..domain.request import GenerationRequest
from ..domain.tensor import Tensors
from ..domain.trial.completed_folders import CompletedFolders
from ..domain.trial.divergence import first_divergence
from ..domain.trial.drawing import PICTURE, Drawing
from ..domain.trial.overheard import OverhearingRuntime
from ..domain.trial.structured_inputs import chosen, unheard
from ..domain.trial.substitution import SubstitutingRuntime
from ..domain.trial.trial_source import trial_source
from ..domain.verification.divergence import Divergence
from ..domain.verification.output_fidelity import OutputFidelity, output_fidelity
from ..domain.verification.report import ComponentFidelity, Verification
from .departures import Departures
from .generate import Generate
from .load_pipeline import LoadPipeline
from .part_sources import PartSources


@final
class Verify:
    """Draws one picture with PyTorch's networks, and tries the packages on what these were given.

    Needs as much memory as drawing in float32 with PyTorch. What was not converted stands in from
    PyTorch wherever the packages draw.
    """

    def __init__(
        self,
        *,
        parts: PartSources,
        originals: OriginalNetworks,
        model_folders: ModelFolders,
        runtime: NetworkRuntime,
        exact: ExaminingRuntime,
        rounded: ExaminingRuntime,
        departures: Departures,
        load_pipeline: Callable[..., LoadPipeline],
        generate: Generate,
        observer: Observer,
    ) -> None:
        """Run packages with `runtime`, and with `exact` and `rounded` to see where float16 hurts.

        `load_pipeline` takes a `runtime` and `model_folders`.
        """
        self._parts = parts
        self._originals = originals
        self._model_folders = model_folders
        self._runtime = runtime
        self._exact = exact
        self._rounded = rounded
        self._departures = departures
        self._load_pipeline = load_pipeline
        self._generate = generate
        self._observer = observer

    def __call__(
        self,
        folder: Path,
        request: GenerationRequest,
        *,
        against: str | None = None,
        additions: Additions = NOTHING,
        threshold_db: float,
        swaps: bool = False,
    ) -> Verification:
        """Verify all packages of the folder; `against` is the checkpoint where it is another now.

        It is opened at the revision that the packages were made from if it is no other. Models that
        change pictures are given one where the request has none. `additions` have the LoRAs and
        learned words that the weights were changed with. With `swaps` a picture is drawn for each
        component with its package alone among PyTorch's networks. Raises NotAModelFolder,
        CheckpointError, InvalidRequest where such a file is lacking, and what runtimes and drawing
        raise.
        """
        manifest = self._model_folders.read_manifest(folder)
        changing = additions.with_changes(manifest.facts.changes)
        model = against or manifest.facts.model
        base = self._open(model, manifest.facts.revision_of(model))
        checkpoint = self._parts.changed(base, changing)
        whole = _completed(manifest, checkpoint)
        trial = _Trial(
            folder=folder,
            checkpoint=checkpoint,
            request=attrs.evolve(request, source=request.source or trial_source(manifest.facts)),
            manifest=whole,
            packages={folder / each.file: each for each in manifest.packages},
            originals=self._load_originals(checkpoint, whole, folder),
        )
        wanted = self._draw(trial, without=trial.packages)
        components = tuple(self._tried(trial, wanted, threshold_db))
        drawn = self._draw(trial)
        return Verification(
            model=checkpoint.model,
            threshold_db=threshold_db,
            prompt=request.prompt,
            seed=request.seed,
            steps=request.run.steps,
            components=components,
            picture_psnr_db=psnr_db(drawn.pixels, wanted.pixels),
            swaps=dict(self._swapped(trial, wanted)) if swaps else {},
            digests={each.file: each.files for each in manifest.packages},
        )

    def _open(self, model: str, revision: str | None) -> Checkpoint:
        try:
            return self._parts.open(model, revision)
        except (NotACheckpoint, UnreachableCheckpoint) as error:
            problem = f"{error.problem}; say with --against where the checkpoint is"
            raise type(error)(model, problem) from error

    def _load_originals(
        self, checkpoint: Checkpoint, manifest: PipelineManifest, folder: Path
    ) -> dict[Path, Network]:
        """Every network in PyTorch, by the package that it was or would have been made into."""
        originals = {}
        with self._observer.task("Loading in PyTorch", steps=len(manifest.packages)) as task:
            for record in manifest.packages:
                own = self._parts.of(checkpoint, record)
                originals[folder / record.file] = self._originals.load(
                    own, record.component, record.plan
                )
                task.advance()
        return originals

    def _draw(self, trial: "_Trial", without: Container[Path] = ()) -> Drawing:
        """Draw with the packages, and with the originals of those left out or never converted."""
        substitutes = {
            package: original
            for package, original in trial.originals.items()
            if package in without or package not in trial.packages
        }
        runtime = OverhearingRuntime(SubstitutingRuntime(self._runtime, substitutes))
        load_pipeline = self._load_pipeline(
            runtime=runtime, model_folders=CompletedFolders(self._model_folders, trial.manifest)
        )
        for _ in self._generate(load_pipeline(trial.folder), trial.request):
            break
        return Drawing.overheard(runtime, trial.manifest, trial.folder)

    def _tried(
        self, trial: "_Trial", drawing: Drawing, threshold_db: float
    ) -> Iterator[ComponentFidelity]:
        with self._observer.task("Comparing", steps=len(trial.packages)) as task:
            for package, record in trial.packages.items():
                cases = _cases(package, trial.originals[package], drawing)
                tried = ComponentFidelity(
                    component=record.component,
                    package=record.file,
                    cases=len(cases),
                    outputs=self._outputs(package, trial.originals[package], cases),
                    divergence=self._divergence(package, cases[-1], threshold_db),
                )
                yield self._explained(tried, trial, package, cases, threshold_db)
                task.advance()

    def _explained(
        self,
        tried: ComponentFidelity,
        trial: "_Trial",
        package: Path,
        cases: Sequence[Tensors],
        threshold_db: float,
    ) -> ComponentFidelity:
        if tried.psnr_db >= threshold_db:
            return tried
        record = trial.packages[package]
        own = self._parts.of(trial.checkpoint, record)
        departure = self._departures(own, record, package, cases, threshold_db)
        return attrs.evolve(tried, departure=departure)

    def _outputs(
        self, package: Path, original: Network, cases: Iterable[Tensors]
    ) -> tuple[OutputFidelity, ...]:
        network = self._runtime.load(package)
        pairs = [(network.predict(each), original.predict(each)) for each in cases]
        return tuple(_compared(spec.name, pairs) for spec in original.outputs)

    def _divergence(self, package: Path, inputs: Tensors, threshold_db: float) -> Divergence | None:
        return first_divergence(
            self._exact.load_to_examine(package),
            self._rounded.load_to_examine(package),
            inputs,
            threshold_db,
        )

    def _swapped(self, trial: "_Trial", wanted: Drawing) -> Iterator[tuple[Component, float]]:
        """The picture with one package at a time, for those that drawing needs."""
        for package, record in trial.packages.items():
            if package in wanted.inputs:
                drawn = self._draw(trial, without=trial.packages.keys() - {package})
                yield record.component, psnr_db(drawn.pixels, wanted.pixels)


@attrs.frozen(kw_only=True)
class _Trial:
    """What is to be drawn, and all networks: converted ones by their package, and originals.

    `manifest` tells of every component, `packages` of those that were converted.
    """

    folder: Path
    checkpoint: Checkpoint
    request: GenerationRequest
    manifest: PipelineManifest
    packages: Mapping[Path, PackageRecord]
    originals: Mapping[Path, Network]


def _cases(package: Path, original: Network, drawing: Drawing) -> list[Tensors]:
    if heard := drawing.inputs.get(package):
        return chosen(heard)
    others = (tensors for calls in drawing.inputs.values() for tensors in calls)
    return [unheard(original, others, drawing.pixels)]


def _compared(output: str, pairs: Iterable[tuple[Tensors, Tensors]]) -> OutputFidelity:
    arrays = [(given[output], wanted[output]) for given, wanted in pairs]
    return output_fidelity(output, arrays, is_picture=output == PICTURE)


def _completed(manifest: PipelineManifest, checkpoint: Checkpoint) -> PipelineManifest:
    """The manifest as if the whole checkpoint had been converted, for the same size of pictures."""
    facts = manifest.facts
    sized = ConversionPlan(latent_height=facts.latent_height, latent_width=facts.latent_width)
    lacking = (
        PackageRecord(
            component=component,
            file=component.package_name(facts.model_version),
            files={},
            source="",
            plan=sized.settled_for(component, checkpoint),
        )
        for component in checkpoint.components
        if manifest.record(component) is None and not component.on_demand
    )
    return attrs.evolve(manifest, packages=(*manifest.packages, *lacking))
