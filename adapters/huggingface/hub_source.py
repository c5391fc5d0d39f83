"""Checkpoints on the Hugging Face Hub, brought into its client's cache and read as folders."""

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import final

import attrs

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.errors import (
    NotACheckpoint,
    UnreachableCheckpoint,
    UnsupportedCheckpoint,
    first_line,
)
from ...domain.ports.checkpoints import CheckpointSource
from .repository_files import NETWORKS, SMALL_FILES, full_weights, half_weights

_ID = re.compile(r"\w[\w.-]*/\w[\w.-]*")


@final
class HubSource(CheckpointSource):
    """Knows `owner/name`; cache, token and offline mode are those of huggingface_hub."""

    def __init__(
        self,
        folders: CheckpointSource,
        *,
        endpoint: str | None = None,
        cache: Path | None = None,
    ) -> None:
        """Read what was fetched with `folders`; None stands for the client's own settings."""
        self._folders = folders
        self._endpoint = endpoint
        self._cache = cache

    def knows(self, model: str) -> bool:
        """Whether this has the form of a Hub id."""
        return _ID.fullmatch(model) is not None

    def open(self, model: str, revision: str | None = None) -> Checkpoint:
        """Fetch the configuration, and the weights once they are known to be of use."""
        folder = self._fetch(model, revision, SMALL_FILES)
        # The client names a snapshot's folder after its commit.
        commit = folder.name
        try:
            found = self._folders.open(str(folder))
        except (NotACheckpoint, UnsupportedCheckpoint) as error:
            # The user knows the id, not the cache's folder.
            raise type(error)(model, error.problem) from error
        self._fetch(model, commit, full_weights())
        if lacking := [each for each in NETWORKS if not any(folder.glob(f"{each}/*.safetensors"))]:
            self._fetch(model, commit, half_weights(lacking))
        facts = attrs.evolve(found.facts, model=model, model_version=model, revision=commit)
        return attrs.evolve(found, facts=facts)

    def fingerprint(self, checkpoint: Checkpoint, component: Component) -> str:
        """The SHA-256 over the component's files."""
        return self._folders.fingerprint(checkpoint, component)

    def _fetch(self, model: str, revision: str | None, patterns: Sequence[str]) -> Path:
        # The client takes a third of a second to import.
        from huggingface_hub import snapshot_download  # noqa: PLC0415 - see above

        with self._translated(model, revision):
            fetched = snapshot_download(
                model,
                revision=revision,
                allow_patterns=list(patterns),
                cache_dir=self._cache,
                endpoint=self._endpoint,
            )
        return Path(fetched)

    @contextlib.contextmanager
    def _translated(self, model: str, revision: str | None) -> Iterator[None]:
        from huggingface_hub import constants, errors  # noqa: PLC0415 - see above

        problems = {
            errors.GatedRepoError: (
                f"it is gated; accept its terms at {self._endpoint or constants.ENDPOINT}/{model},"
                " then log in with `hf auth login` or set HF_TOKEN"
            ),
            errors.RepositoryNotFoundError: (
                "there is no such repository, and no such folder here;"
                " a private one needs `hf auth login` or HF_TOKEN"
            ),
            errors.RevisionNotFoundError: f"it has no revision {revision}",
            errors.LocalEntryNotFoundError: (
                "the Hub cannot be reached, and the cache on this machine does not hold it"
            ),
        }
        try:
            yield
        # Besides its own errors the client lets those of its HTTP library through, old or new.
        except Exception as error:
            # The first that fits: a gated repository counts as not found, too.
            fitting = (text for kind, text in problems.items() if isinstance(error, kind))
            raise UnreachableCheckpoint(model, next(fitting, first_line(error))) from error
