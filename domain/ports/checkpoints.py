"""Where checkpoints come from."""

from typing import Protocol

from ..checkpoint import Checkpoint
from ..component import Component


class CheckpointSource(Protocol):
    """Finds a checkpoint by what the user calls it, and reads its configuration."""

    def knows(self, model: str) -> bool:
        """Whether this source is the one to ask for `model`.

        Judged by the name and, for folders, by whether there is one.
        """
        ...

    def open(self, model: str, revision: str | None = None) -> Checkpoint:
        """Bring the checkpoint to this machine and read its configuration, no weights.

        Raises NotACheckpoint where there is none, UnreachableCheckpoint where the Hub does not hand
        it over and UnsupportedCheckpoint where its networks are of a kind that cannot be converted.
        """
        ...

    def fingerprint(self, checkpoint: Checkpoint, component: Component) -> str:
        """The SHA-256 over the component's files, so that changed weights are never taken for old.

        Raises MissingComponent where the checkpoint lacks the component.
        """
        ...
