"""How a checkpoint's weights become others."""

from typing import Protocol

from ..changes import Changes
from ..checkpoint import Checkpoint


class CheckpointChanging(Protocol):
    """Makes the checkpoint that changes lead to, and leaves the one that it was as it is."""

    def change(self, checkpoint: Checkpoint, changes: Changes) -> Checkpoint:
        """Give a checkpoint of the same name with other weights, whose facts tell the changes.

        Raises UnreadableWeights and NotACheckpoint where a file cannot be read,
        MismatchedCheckpoint where one was made for a model of another form, and UnwritableOutput.
        """
        ...
