"""A model folder that seems to have packages which were never converted."""

from pathlib import Path
from typing import final

import attrs

from ..checkpoint import Checkpoint
from ..pipeline_manifest import PipelineManifest
from ..ports.model_folders import ModelFolders
from ..tokenizer.vocabulary import Vocabulary


@final
@attrs.frozen
class CompletedFolders(ModelFolders):
    """Gives one manifest for every folder; all else is read and written where it is."""

    folders: ModelFolders
    manifest: PipelineManifest

    def read_manifest(self, folder: Path) -> PipelineManifest:
        """Give the manifest; see the port."""
        del folder
        return self.manifest

    def write_manifest(self, folder: Path, manifest: PipelineManifest) -> None:
        """Write the manifest; see the port."""
        self.folders.write_manifest(folder, manifest)

    def read_vocabulary(self, place: Path | Checkpoint) -> Vocabulary:
        """Read the vocabulary; see the port."""
        return self.folders.read_vocabulary(place)

    def copy_tokenizer(self, checkpoint: Checkpoint, folder: Path) -> None:
        """Copy the tokenizer; see the port."""
        self.folders.copy_tokenizer(checkpoint, folder)
