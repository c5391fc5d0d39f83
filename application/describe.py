"""Tell what nobody told of a folder of packages: write the pipeline.json that it lacks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from ..domain.pipeline_manifest import PipelineManifest
from ..domain.ports.checkpoints import CheckpointSource
from ..domain.ports.model_folders import ModelFolders
from .sources import source_of


class Describe:
    """Puts together what the packages, a checkpoint and the user say."""

    def __init__(
        self, *, model_folders: ModelFolders, configurations: Sequence[CheckpointSource]
    ) -> None:
        self._model_folders = model_folders
        self._configurations = configurations

    def __call__(
        self,
        folder: Path,
        like: str | None = None,
        told: Mapping[str, Any] | None = None,
        prediction_type: str | None = None,
    ) -> PipelineManifest:
        """Write the manifest, with the facts and the tokenizer of the checkpoint `like` if any.

        `told` are facts by their names and `prediction_type` is the scheduler's; they count more
        than all others. Raises NotAModelFolder, CheckpointError and UnwritableOutput.
        """
        manifest = self._model_folders.read_manifest(folder)
        facts = manifest.facts
        checkpoint = None if like is None else source_of(self._configurations, like).open(like)
        if checkpoint is not None:
            facts = checkpoint.facts.for_packages(facts)
        if prediction_type is not None:
            scheduler = {**facts.scheduler, "prediction_type": prediction_type}
            facts = attrs.evolve(facts, scheduler=scheduler)
        described = attrs.evolve(manifest, facts=attrs.evolve(facts, **(told or {})))
        if checkpoint is not None:
            self._model_folders.copy_tokenizer(checkpoint, folder)
        self._model_folders.write_manifest(folder, described)
        return described
