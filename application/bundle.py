"""Make the folder that Apple's Swift package loads out of a folder of packages."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

from ..domain.chunk_names import chunk_paths
from ..domain.errors import InvalidRequest, NotAModelFolder
from ..domain.pipeline_manifest import PipelineManifest
from ..domain.ports.archiving import Archiver
from ..domain.ports.compiling import BundleCompiler
from ..domain.ports.model_folders import ModelFolders
from ..domain.ports.observing import Observer
from ..domain.ports.packages import PackageReader
from ..domain.ports.workspace import Workspace
from ..domain.resources import archive_title, bundle_name
from ..domain.tokenizer.vocabulary import MERGES_FILE, TOKENS_FILE
from .chunk_marks import has_its_chunks


class Bundle:
    """Compiles every package, whole and in chunks, under the names that Apple's code looks for."""

    def __init__(
        self,
        *,
        model_folders: ModelFolders,
        own_model_folders: ModelFolders,
        reader: PackageReader,
        compiler: BundleCompiler,
        archiver: Archiver,
        workspace: Workspace,
        observer: Observer,
    ) -> None:
        """Take packages from `model_folders`; `own_model_folders` have what this program wrote."""
        self._model_folders = model_folders
        self._own_model_folders = own_model_folders
        self._reader = reader
        self._compiler = compiler
        self._archiver = archiver
        self._workspace = workspace
        self._observer = observer

    def __call__(self, folder: Path, resources: Path | None = None) -> Path:
        """Write the folder, which is `Resources` in that of the packages if not named.

        Bundles that are current stay; a bundle whose package is gone goes too, also where the
        folder of packages tells nothing of it any more. Drawing works with the folder as with the
        packages. Raises NotAModelFolder, InvalidRequest where there is no package or the folder is
        that of the packages, what compiling raises and UnwritableOutput.
        """
        manifest = self._model_folders.read_manifest(folder)
        place = folder / "Resources" if resources is None else resources
        if place.resolve() == folder.resolve():
            raise InvalidRequest("--output", f"{folder} has the packages; name another folder")
        bundles = self._bundles(manifest, folder, place)
        if not bundles:
            raise InvalidRequest("DIR", f"{folder} has none of the packages it tells of")
        with self._observer.task("Compiling", steps=len(bundles)) as task:
            for bundle, package in bundles.items():
                self._compile(package, bundle)
                task.advance()
        self._remove_orphans(manifest, place, bundles)
        self._copy_tokenizer(folder, place)
        self._model_folders.write_manifest(place, self._described(manifest, place))
        return place

    def archive(self, resources: Path, repository: str | None = None) -> Path:
        """Pack the folder into the file beside it that the Hugging Face app would download.

        `repository` names the repository on the Hub, which the app takes the file's name from.
        Raises NotAModelFolder and UnwritableOutput.
        """
        title = archive_title(self._model_folders.read_manifest(resources), repository)
        path = resources.parent / f"{title}.zip"
        with (
            self._observer.task(f"Packing {path.name}"),
            self._workspace.replacing(path) as partial,
        ):
            self._archiver.archive(resources, title, partial)
        return path

    def _bundles(self, manifest: PipelineManifest, folder: Path, place: Path) -> dict[Path, Path]:
        """The packages that are there by the bundles to make of them, chunks beside the whole."""
        return {
            bundle: package
            for record in manifest.packages
            for bundle, package in self._pairs(
                folder / record.file, place / bundle_name(record, manifest.facts)
            )
        }

    def _pairs(self, package: Path, bundle: Path) -> Iterator[tuple[Path, Path]]:
        if package.is_dir():
            yield bundle, package
        chunks = chunk_paths(package)
        if has_its_chunks(package, self._reader, self._workspace):
            yield from zip(chunk_paths(bundle), chunks, strict=True)
        elif all(each.is_dir() for each in chunks):
            self._observer.note(
                f"{package.name} has changed since it was cut; cut it again with `coreml-sd chunk`"
            )

    def _compile(self, package: Path, bundle: Path) -> None:
        if self._compiler.is_current(package, bundle):
            self._observer.note(f"{bundle.name}: reused")
            return
        with self._workspace.replacing(bundle) as partial:
            self._compiler.compile(package, partial)

    def _remove_orphans(
        self, manifest: PipelineManifest, place: Path, made: Mapping[Path, Path]
    ) -> None:
        """Swift takes chunks before the whole, and would take those of an earlier conversion."""
        told = (bundle_name(record, manifest.facts) for record in manifest.packages)
        for whole in (place / name for name in (*told, *self._made_before(place))):
            for bundle in (whole, *chunk_paths(whole)):
                if bundle not in made and bundle.exists():
                    self._workspace.remove(bundle)
                    self._observer.note(f"{bundle.name}: removed, because its package is gone")

    def _made_before(self, place: Path) -> Iterator[str]:
        try:
            earlier = self._own_model_folders.read_manifest(place)
        except NotAModelFolder:
            return
        for record in earlier.packages:
            # What `coreml-sd describe` tells of has neither, since others made it.
            if record.files or record.source:
                yield bundle_name(record, earlier.facts)

    def _copy_tokenizer(self, folder: Path, place: Path) -> None:
        for name in (TOKENS_FILE, MERGES_FILE):
            if (folder / name).is_file():
                self._workspace.copy(folder / name, place / name)
            elif not (place / name).is_file():
                self._observer.note(f"{name} is not in {folder}; put that of the model's tokenizer")

    def _described(self, manifest: PipelineManifest, place: Path) -> PipelineManifest:
        records = [
            attrs.evolve(record, file=name, files=self._workspace.digests(place / name))
            for record in manifest.packages
            for name in (bundle_name(record, manifest.facts),)
        ]
        return attrs.evolve(manifest, packages=tuple(records))
