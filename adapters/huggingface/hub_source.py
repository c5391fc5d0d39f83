"""Checkpoints on the Hugging Face Hub, brought into its client's cache and read as folders."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import final

import attrs

from ...domain.changes import CustomVae
from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.errors import (
    MismatchedCheckpoint,
    NotACheckpoint,
    UnreachableCheckpoint,
    UnsupportedCheckpoint,
)
from ...domain.hub.listing import is_repository_name
from ...domain.ports.checkpoints import CheckpointSource
from ...domain.ports.companions import CheckpointFolders, CompanionSource
from .bars import silent_bars
from .failures import problem_of
from .repository_files import (
    NETWORKS,
    SINGLE,
    SINGLE_FILES,
    SMALL_FILES,
    full_weights,
    half_weights,
    pickled_weights,
)


@final
class HubSource(CheckpointSource, CompanionSource):
    """Knows `owner/name`; cache, token and offline mode are those of huggingface_hub."""

    def __init__(
        self,
        folders: CheckpointFolders,
        *,
        weights: bool = True,
        pickles: bool = False,
        endpoint: str | None = None,
        cache: Path | None = None,
        quiet: bool = False,
    ) -> None:
        """Read what was fetched with `folders`; None stands for the client's own settings.

        Without `weights` only the configuration is fetched, which is all that is read of a model
        whose packages are there. With `pickles` they are fetched where a repository has no others;
        `quiet` shows no bars.
        """
        self._folders = folders
        self._weights = weights
        self._pickles = pickles
        self._endpoint = endpoint
        self._cache = cache
        self._quiet = quiet

    def knows(self, model: str) -> bool:
        """Whether this has the form of a Hub id."""
        return is_repository_name(model)

    def open(self, model: str, revision: str | None = None) -> Checkpoint:
        """Fetch the configuration, and the weights once they are known to be of use."""
        folder = self._fetch(model, revision, SMALL_FILES)
        with _under_its_id(model):
            self._folders.open(str(folder))
            self._fetch_weights(model, folder, NETWORKS)
            return _named(self._folders.open(str(folder)), model, _commit(folder))

    def open_controlnet(
        self, model: str, base: Checkpoint, revision: str | None = None
    ) -> Checkpoint:
        """Fetch the configuration, and the weights once they are known to fit."""
        folder = self._fetch(model, revision, SINGLE_FILES)
        with _under_its_id(model):
            self._folders.open_controlnet(str(folder), base)
            self._fetch_weights(model, folder, SINGLE)
            found = self._folders.open_controlnet(str(folder), base)
        return _named(found, model, _commit(folder))

    def open_vae(self, model: str, base: Checkpoint, revision: str | None = None) -> CustomVae:
        """Fetch the configuration, and the weights once they are known to fit."""
        folder = self._fetch(model, revision, SINGLE_FILES)
        with _under_its_id(model):
            self._folders.open_vae(str(folder), base)
            self._fetch_weights(model, folder, SINGLE)
            found = self._folders.open_vae(str(folder), base)
        return attrs.evolve(found, name=model, revision=_commit(folder))

    def fingerprint(self, checkpoint: Checkpoint, component: Component) -> str:
        """The SHA-256 over the component's files."""
        return self._folders.fingerprint(checkpoint, component)

    def _fetch_weights(self, model: str, folder: Path, stems: Sequence[str]) -> None:
        if not self._weights:
            return
        there = [stem for stem in stems if (folder / stem).with_name("config.json").exists()]
        commit = _commit(folder)
        self._fetch(model, commit, full_weights(there))
        if lacking := _without_weights(folder, there):
            self._fetch(model, commit, half_weights(lacking))
        if self._pickles and (lacking := _without_weights(folder, there)):
            self._fetch(model, commit, pickled_weights(lacking))

    def _fetch(self, model: str, revision: str | None, patterns: Sequence[str]) -> Path:
        # The client takes a third of a second to import.
        from huggingface_hub import snapshot_download  # noqa: PLC0415 - see above

        try:
            fetched = snapshot_download(
                model,
                revision=revision,
                allow_patterns=list(patterns),
                cache_dir=self._cache,
                endpoint=self._endpoint,
                tqdm_class=silent_bars() if self._quiet else None,
            )
        # Besides its own errors the client lets those of its HTTP library through, old or new.
        except Exception as error:
            problem = problem_of(error, model, revision, self._endpoint)
            raise UnreachableCheckpoint(model, problem) from error
        return Path(fetched)


def _commit(folder: Path) -> str:
    """The client names a snapshot's folder after its commit."""
    return folder.name


def _without_weights(folder: Path, stems: Sequence[str]) -> list[str]:
    return [stem for stem in stems if not any(folder.glob(f"{stem}*.safetensors"))]


def _named(checkpoint: Checkpoint, model: str, commit: str) -> Checkpoint:
    facts = attrs.evolve(checkpoint.facts, model=model, model_version=model, revision=commit)
    return attrs.evolve(checkpoint, facts=facts)


@contextlib.contextmanager
def _under_its_id(model: str) -> Iterator[None]:
    """The user knows the id, not the cache's folder."""
    try:
        yield
    except (NotACheckpoint, UnsupportedCheckpoint) as error:
        raise type(error)(model, error.problem) from error
    except MismatchedCheckpoint as error:
        raise MismatchedCheckpoint(model, error.base, error.problem) from error
