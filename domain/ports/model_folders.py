"""Folders of converted packages: the manifest and the tokenizer files beside them."""

from pathlib import Path
from typing import Protocol

from ..checkpoint import Checkpoint
from ..pipeline_manifest import PipelineManifest
from ..tokenizer.vocabulary import Vocabulary


class ModelFolders(Protocol):
    """Reads and writes what stands beside the packages; every write is whole or not at all."""

    def read_manifest(self, folder: Path) -> PipelineManifest:
        """Read `pipeline.json`. Raises NotAModelFolder."""
        ...

    def write_manifest(self, folder: Path, manifest: PipelineManifest) -> None:
        """Write `pipeline.json`. Raises UnwritableOutput."""
        ...

    def read_vocabulary(self, place: Path | Checkpoint) -> Vocabulary:
        """Read `vocab.json` and `merges.txt` beside packages, or a checkpoint's tokenizer.

        Raises IncompleteModelFolder where the packages have none, NotACheckpoint where the
        checkpoint has none.
        """
        ...

    def copy_tokenizer(self, checkpoint: Checkpoint, folder: Path) -> None:
        """Copy the checkpoint's `vocab.json` and `merges.txt`.

        Raises NotACheckpoint where it has none and UnwritableOutput.
        """
        ...
