"""Folders whose weights are pickles, for users who allow them: copies in the cache without any."""

import hashlib
from pathlib import Path
from typing import final

import attrs

from ...domain.changes import CustomVae
from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.errors import NotACheckpoint, first_line
from ...domain.ports.checkpoints import CheckpointSource
from ...domain.ports.companions import CheckpointFolders, CompanionSource
from ...domain.ports.workspace import Workspace
from .weight_files import STEMS

_WEIGHTS = ".safetensors"
# transformers calls pickles otherwise than files of safetensors.
_PICKLE_STEMS = {"model": "pytorch_model"}


@final
class UnpickledFolders(CheckpointSource, CompanionSource):
    """Opens folders as `folders` does; what they hold in pickles alone is written anew, once."""

    def __init__(self, folders: CheckpointFolders, workspace: Workspace, cache: Path) -> None:
        """Keep what was made in the folder `checkpoints` of `cache`."""
        self._folders = folders
        self._workspace = workspace
        self._cache = cache / "checkpoints"

    def knows(self, model: str) -> bool:
        """Whether the folders know it."""
        return self._folders.knows(model)

    def open(self, model: str, revision: str | None = None) -> Checkpoint:
        """Open the checkpoint, and unpickle what is to be unpickled."""
        found = self._folders.open(model, revision)
        return attrs.evolve(found, folder=self._unpickled(found.folder, found.model))

    def open_controlnet(
        self, model: str, base: Checkpoint, revision: str | None = None
    ) -> Checkpoint:
        """Open the ControlNet, and unpickle it where it is a pickle."""
        found = self._folders.open_controlnet(model, base, revision)
        return attrs.evolve(found, folder=self._unpickled(found.folder, found.model))

    def open_vae(self, model: str, base: Checkpoint, revision: str | None = None) -> CustomVae:
        """Open the VAE, and unpickle it where it is a pickle."""
        found = self._folders.open_vae(model, base, revision)
        return attrs.evolve(found, folder=self._unpickled(found.folder, found.name))

    def fingerprint(self, checkpoint: Checkpoint, component: Component) -> str:
        """The SHA-256 over the component's files."""
        return self._folders.fingerprint(checkpoint, component)

    def _unpickled(self, folder: Path, model: str) -> Path:
        pickles = {stem: files for stem in STEMS if (files := _pickles(folder, stem))}
        if not pickles:
            return folder
        digest = hashlib.sha256(str(folder).encode())
        for file in (file for files in pickles.values() for file in files):
            with file.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
        made = self._cache / f"{folder.name}-{digest.hexdigest()[:16]}"
        if not made.exists():
            with self._workspace.replacing(made) as partial:
                _write(partial, folder, pickles, model)
        return made


def _pickles(folder: Path, stem: str) -> list[Path]:
    """The pickles of a network that has no other weights: whole, in halves or in shards."""
    place = folder / stem
    if any(place.parent.glob(f"{place.name}*{_WEIGHTS}")):
        return []
    name = _PICKLE_STEMS.get(place.name, place.name)
    for pattern in (f"{name}.bin", f"{name}-?????-of-?????.bin", f"{name}.fp16.bin"):
        if found := sorted(place.parent.glob(pattern)):
            return found
    return []


def _write(made: Path, folder: Path, pickles: dict[str, list[Path]], model: str) -> None:
    from .pickles import write_unpickled  # noqa: PLC0415 - PyTorch takes seconds

    _link(folder, made, {Path(stem).parent.name for stem in pickles} - {""})
    for stem, files in pickles.items():
        place = made / stem
        if place.parent != made:
            _link((folder / stem).parent, place.parent, set())
        try:
            write_unpickled(files, place.with_name(place.name + _WEIGHTS))
        except ValueError as error:
            raise NotACheckpoint(model, first_line(error)) from error


def _link(folder: Path, made: Path, left_out: set[str]) -> None:
    made.mkdir()
    for path in folder.iterdir():
        if path.name not in left_out:
            (made / path.name).symlink_to(path.resolve())
