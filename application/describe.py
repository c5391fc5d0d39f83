"""Tell what nobody told of a folder of packages: write the pipeline.json that it lacks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from ..domain.model_facts import ModelFacts
from ..domain.pipeline_manifest import PipelineManifest
from ..domain.ports.model_folders import ModelFolders
from .part_sources import PartSources

# What the packages were made for, whatever the checkpoint says.
_OF_PACKAGES = (
    "latent_channels",
    "latent_height",
    "latent_width",
    "text_length",
    "unet_channels",
    "vae_needs_float32",
    "guidance_embedding_width",
)


class Describe:
    """Puts together what the packages, a checkpoint and the user say."""

    def __init__(self, *, model_folders: ModelFolders, parts: PartSources) -> None:
        self._model_folders = model_folders
        self._parts = parts

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
        if like is not None:
            checkpoint = self._parts.open(like)
            self._model_folders.copy_tokenizer(checkpoint, folder)
            facts = _for_packages(checkpoint.facts, facts)
        if prediction_type is not None:
            scheduler = {**facts.scheduler, "prediction_type": prediction_type}
            facts = attrs.evolve(facts, scheduler=scheduler)
        described = attrs.evolve(manifest, facts=attrs.evolve(facts, **(told or {})))
        self._model_folders.write_manifest(folder, described)
        return described


def _for_packages(facts: ModelFacts, packages: ModelFacts) -> ModelFacts:
    return attrs.evolve(facts, **{name: getattr(packages, name) for name in _OF_PACKAGES})
