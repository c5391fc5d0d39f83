"""Folders that Apple's tool or others like it made: packages or bundles without pipeline.json."""

from pathlib import Path
from typing import final

from ...domain.checkpoint import Checkpoint
from ...domain.chunk_names import chunk_paths
from ...domain.component import Component
from ...domain.errors import NotAModelFolder
from ...domain.hub.variant import ENDINGS, Kind
from ...domain.mil.program import Program
from ...domain.pipeline_manifest import PipelineManifest
from ...domain.ports.model_folders import ModelFolders
from ...domain.ports.packages import PackageReader
from ...domain.recognition.manifest import recognised_manifest
from ...domain.recognition.names import NamedNetwork, recognise
from ...domain.tokenizer.vocabulary import TOKENS_FILE, Vocabulary
from .model_folders import MANIFEST

# Where published repositories keep the tokenizer of the packages beside them.
_ELSEWHERE = (".", "Resources", "../Resources", "../compiled", "..")


@final
class AppleFolders(ModelFolders):
    """Recognises by their names and contents what `folders` has no manifest of.

    Where a folder has packages and bundles, `kind` is which of them are meant; None is for folders
    that have each network once.
    """

    def __init__(
        self, folders: ModelFolders, packages: PackageReader, kind: Kind | None = None
    ) -> None:
        self._folders = folders
        self._packages = packages
        self._kind = kind

    def read_manifest(self, folder: Path) -> PipelineManifest:
        """Read `pipeline.json`, or say what it would say; see the port."""
        networks = [] if (folder / MANIFEST).exists() else self._networks(folder)
        if not networks:
            return self._folders.read_manifest(folder)
        programs = {
            each.file: self._programs(folder / each.file)
            for each in networks
            if each.component is not Component.CONTROLNET
        }
        try:
            return recognised_manifest(folder.name, networks, programs)
        except ValueError as error:
            raise NotAModelFolder(folder, f"it has no {MANIFEST}, and {error}") from error

    def write_manifest(self, folder: Path, manifest: PipelineManifest) -> None:
        """Write `pipeline.json`; see the port."""
        self._folders.write_manifest(folder, manifest)

    def read_vocabulary(self, place: Path | Checkpoint) -> Vocabulary:
        """Read the tokenizer, which is sometimes in another folder of its repository."""
        if isinstance(place, Checkpoint) or (place / MANIFEST).exists():
            return self._folders.read_vocabulary(place)
        near = (place / name for name in _ELSEWHERE)
        found = next((each for each in near if (each / TOKENS_FILE).is_file()), place)
        return self._folders.read_vocabulary(found)

    def copy_tokenizer(self, checkpoint: Checkpoint, folder: Path) -> None:
        """Copy the checkpoint's tokenizer; see the port."""
        self._folders.copy_tokenizer(checkpoint, folder)

    def _networks(self, folder: Path) -> list[NamedNetwork]:
        """Each network once, in chunks or whole; ControlNets are a folder below."""
        entries = sorted([*folder.glob("*.ml*"), *folder.glob("controlnet/*.ml*")])
        meant = (each for each in entries if self._kind in (None, ENDINGS.get(each.suffix)))
        found = (recognise(each.relative_to(folder).as_posix()) for each in meant)
        return list(dict.fromkeys(each for each in found if each is not None))

    def _programs(self, whole: Path) -> tuple[Program, ...]:
        parts = (whole,) if whole.exists() else chunk_paths(whole)
        return tuple(self._packages.read(each) for each in parts)
