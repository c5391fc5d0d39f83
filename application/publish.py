"""Give converted networks to others, on the Hub."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import final

from ..domain.chunk_names import chunk_paths
from ..domain.component import Component
from ..domain.errors import InvalidRequest, Unpublishable
from ..domain.hub.licence import objection
from ..domain.hub.listing import is_repository_name
from ..domain.hub.model_card import card_metadata, card_text
from ..domain.hub.publication import Publication, PublishedVariant, SamplePicture
from ..domain.inspection import Inspection, inspect_program
from ..domain.pipeline_manifest import PipelineManifest
from ..domain.ports.model_folders import ModelFolders
from ..domain.ports.packages import PackageReader
from ..domain.ports.publishing import Publisher
from ..domain.ports.verifications import Verifications
from ..domain.ports.workspace import Workspace
from ..domain.resources import bundle_name
from ..domain.verification.report import Verification
from .bundle import Bundle
from .chunk_marks import has_its_chunks

# What stands beside the packages and is published with them.
_BESIDE = ("pipeline.json", "verify.json", "vocab.json", "merges.txt")


@final
class Publish:
    """Lays folders of packages out as Apple's repositories are, and sends them."""

    def __init__(
        self,
        *,
        publisher: Publisher,
        bundle: Bundle,
        model_folders: ModelFolders,
        verifications: Verifications,
        reader: PackageReader,
        workspace: Workspace,
    ) -> None:
        self._publisher = publisher
        self._bundle = bundle
        self._model_folders = model_folders
        self._verifications = verifications
        self._reader = reader
        self._workspace = workspace

    def prepare(
        self,
        folders: Sequence[Path],
        repository: str,
        samples: Sequence[SamplePicture] = (),
        *,
        allow_unverified: bool = False,
        rights_cleared: bool = False,
    ) -> Publication:
        """Compile and pack what is not yet, and give all that will be sent; nothing is sent.

        Folders are one model's, each with its own form of attention. With `rights_cleared` the user
        says that neither licence nor gate forbids it. Raises NotAModelFolder, InvalidRequest,
        Unpublishable and what bundling raises.
        """
        if not is_repository_name(repository):
            raise InvalidRequest("--repo", f"{repository!r} is no OWNER/NAME")
        _require_names_of_their_own(samples)
        variants = [self._variant(folder, allow_unverified=allow_unverified) for folder in folders]
        _require_one_model(variants)
        if not rights_cleared:
            self._require_rights(folders[0], variants[0].manifest)
        files: dict[str, Path] = {each.place: each.file for each in samples}
        for folder, variant in zip(folders, variants, strict=True):
            files |= self._laid_out(folder, variant, repository)
        return Publication(
            repository=repository,
            files=files,
            metadata=card_metadata(variants[0].manifest.facts),
            text=card_text(repository, variants, samples),
        )

    def card(self, publication: Publication) -> str:
        """The card as it will stand in the repository."""
        return self._publisher.card(publication)

    def __call__(
        self, publication: Publication, *, private: bool = False, create_pr: bool = False
    ) -> str:
        """Send what was prepared, and give its address. Raises UnwritableRepository."""
        return self._publisher.publish(publication, private=private, create_pr=create_pr)

    def _variant(self, folder: Path, *, allow_unverified: bool) -> PublishedVariant:
        manifest = self._model_folders.read_manifest(folder)
        verification = self._verifications.read(folder)
        if not allow_unverified and (doubt := self._doubt(folder, manifest, verification)):
            raise Unpublishable(folder, f"{doubt}, or give --allow-unverified")
        self._require_its_chunks(folder, manifest)
        return PublishedVariant(
            attention=_attention(folder, manifest),
            manifest=manifest,
            packages=dict(self._inspected(folder, manifest)),
            verification=verification,
        )

    def _doubt(
        self, folder: Path, manifest: PipelineManifest, verification: Verification | None
    ) -> str | None:
        if verification is None:
            return f"it was never verified; run coreml-sd verify {folder}"
        if verification.failures:
            return f"it failed ({'; '.join(verification.failures)}); convert it better"
        for record in manifest.packages:
            found = self._workspace.digests(folder / record.file)
            if verification.digests.get(record.file) != found:
                return f"{record.file} is not what was verified; run coreml-sd verify {folder}"
        return None

    def _require_its_chunks(self, folder: Path, manifest: PipelineManifest) -> None:
        """Chunks that are there are what phones load, so they have to be the verified network."""
        for record in manifest.packages:
            whole = folder / record.file
            are_some = any(each.is_dir() for each in chunk_paths(whole))
            if are_some and not has_its_chunks(whole, self._reader, self._workspace):
                mend = f"cut it again with coreml-sd chunk {whole}, or remove them"
                problem = f"the chunks beside {record.file} are not those of the package as it is"
                raise Unpublishable(folder, f"{problem}; {mend}")

    def _require_rights(self, folder: Path, manifest: PipelineManifest) -> None:
        model = manifest.facts.model
        problem = objection(manifest.facts.licence)
        if problem is None and is_repository_name(model) and self._publisher.is_gated(model):
            problem = f"people have to ask for {model}, which a copy would spare them"
        if problem is not None:
            raise Unpublishable(folder, f"{problem}; where you may, give --rights-cleared")

    def _inspected(
        self, folder: Path, manifest: PipelineManifest
    ) -> Iterator[tuple[str, Inspection]]:
        for record in manifest.packages:
            program = self._reader.read(folder / record.file)
            yield Path(bundle_name(record, manifest.facts)).stem, inspect_program(program)

    def _laid_out(
        self, folder: Path, variant: PublishedVariant, repository: str
    ) -> dict[str, Path]:
        """Every file by its path: packages, bundles, and the zip that the Swift app downloads."""
        resources = self._bundle(folder)
        archive = self._bundle.archive(resources, repository)
        packages = f"{variant.attention}/packages"
        files = dict(self._files(resources, f"{variant.attention}/compiled"))
        for record in variant.manifest.packages:
            whole = folder / record.file
            for package in (whole, *chunk_paths(whole)):
                files |= dict(self._files(package, f"{packages}/{package.name}"))
        beside = {f"{packages}/{name}": folder / name for name in _BESIDE}
        files |= {place: path for place, path in beside.items() if path.is_file()}
        return {**files, archive.name: archive}

    def _files(self, folder: Path, place: str) -> Iterable[tuple[str, Path]]:
        return ((f"{place}/{name}", folder / name) for name in self._workspace.digests(folder))


def _attention(folder: Path, manifest: PipelineManifest) -> str:
    unet = manifest.record(Component.UNET)
    if unet is None:
        raise InvalidRequest("DIR", f"{folder} has no UNet; publish whole models")
    return unet.plan.attention.value.lower()


def _require_names_of_their_own(samples: Sequence[SamplePicture]) -> None:
    names = [each.file.name for each in samples]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidRequest("--picture", f"two are called {twice[0]}; rename one")


def _require_one_model(variants: Sequence[PublishedVariant]) -> None:
    models = {(each.manifest.facts.model, each.manifest.facts.revision) for each in variants}
    if len(models) > 1:
        names = ", ".join(sorted(model for model, _ in models))
        raise InvalidRequest("DIR", f"the folders are not of one model but of {names}")
    if len({each.attention for each in variants}) < len(variants):
        raise InvalidRequest("DIR", "two folders write attention alike; publish one of them")
