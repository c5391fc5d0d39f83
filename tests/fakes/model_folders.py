"""Model folders in memory."""

from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.errors import (
    IncompleteModelFolder,
    NotACheckpoint,
    NotAModelFolder,
)
from coreml_stable_diffusion.domain.pipeline_manifest import PipelineManifest
from coreml_stable_diffusion.domain.ports.model_folders import ModelFolders
from coreml_stable_diffusion.domain.tokenizer.vocabulary import Vocabulary


@attrs.define
class FakeModelFolders(ModelFolders):
    """Keeps manifests and vocabularies by their folders.

    `checkpoints` are the vocabularies of checkpoints, by the checkpoint's folder.
    """

    manifests: dict[Path, PipelineManifest] = attrs.field(factory=dict)
    vocabularies: dict[Path, Vocabulary] = attrs.field(factory=dict)
    checkpoints: dict[Path, Vocabulary] = attrs.field(factory=dict)

    def read_manifest(self, folder: Path) -> PipelineManifest:
        if folder not in self.manifests:
            raise NotAModelFolder(folder, "it has no pipeline.json")
        return self.manifests[folder]

    def write_manifest(self, folder: Path, manifest: PipelineManifest) -> None:
        self.manifests[folder] = manifest

    def read_vocabulary(self, place: Path | Checkpoint) -> Vocabulary:
        if isinstance(place, Checkpoint):
            return self._own(place)
        if place not in self.vocabularies:
            raise IncompleteModelFolder(place, "vocab.json", "is missing")
        return self.vocabularies[place]

    def copy_tokenizer(self, checkpoint: Checkpoint, folder: Path) -> None:
        self.vocabularies[folder] = self._own(checkpoint)

    def _own(self, checkpoint: Checkpoint) -> Vocabulary:
        if checkpoint.folder not in self.checkpoints:
            raise NotACheckpoint(checkpoint.model, "it has no tokenizer/vocab.json")
        return self.checkpoints[checkpoint.folder]
