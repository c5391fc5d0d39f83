"""Checkpoints with other weights: folders in the cache, named after what made them."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import final

import attrs

from ...domain.changes import Changes
from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.model_facts import Change
from ...domain.ports.changing import CheckpointChanging
from ...domain.ports.checkpoints import CheckpointSource
from ...domain.ports.workspace import Workspace

# Counted up when the same changes come to give other weights.
_VERSION = "1"


@final
class ChangedCheckpoints(CheckpointChanging):
    """Keeps every changed checkpoint, named after what it came from, so that none is made twice."""

    def __init__(
        self,
        folders: CheckpointSource,
        workspace: Workspace,
        cache: Path,
        *,
        pickles: bool = False,
    ) -> None:
        """Read what was made with `folders`, and keep it in the folder `checkpoints` of `cache`.

        Embeddings in pickles are read where `pickles` says so.
        """
        self._pickles = pickles
        self._folders = folders
        self._workspace = workspace
        self._cache = cache / "checkpoints"

    def change(self, checkpoint: Checkpoint, changes: Changes) -> Checkpoint:
        """Make the changed folder, or find it; see the port."""
        # PyTorch takes seconds.
        from .changed_folder import WeightChanges, write_changed_folder  # noqa: PLC0415 - see above
        from .embedding_file import read_embedding  # noqa: PLC0415 - see above
        from .lora_file import read_lora  # noqa: PLC0415 - see above

        weights = WeightChanges(
            loras=tuple(map(read_lora, changes.loras)),
            embeddings=tuple(
                read_embedding(each, pickles=self._pickles) for each in changes.embeddings
            ),
        )
        touched = weights.touched(checkpoint)
        told = tuple(_told(changes))
        folder = self._cache / self._name(checkpoint, touched, told)
        if not folder.exists():
            with self._workspace.replacing(folder) as made:
                write_changed_folder(made, checkpoint, weights, changes.vae)
        found = self._folders.open(str(folder))
        facts = attrs.evolve(
            found.facts,
            model=checkpoint.model,
            model_version=checkpoint.facts.model_version,
            revision=checkpoint.facts.revision,
            licence=checkpoint.facts.licence,
            guidance_scale=checkpoint.facts.guidance_scale,
            changes=told,
        )
        return attrs.evolve(checkpoint, folder=found.folder, facts=facts)

    def _name(
        self, checkpoint: Checkpoint, touched: Iterable[Component], told: Iterable[Change]
    ) -> str:
        """A readable name, and a digest of everything that the changed weights depend on."""
        sources = [self._folders.fingerprint(checkpoint, component) for component in touched]
        changes = [(each.kind, each.name, each.digest, each.scale) for each in told]
        identity = repr((_VERSION, str(checkpoint.folder), sources, changes))
        digest = hashlib.sha256(identity.encode()).hexdigest()
        return f"{checkpoint.folder.name}-{digest[:16]}"


def _told(changes: Changes) -> Iterable[Change]:
    if changes.vae is not None:
        vae = changes.vae
        digest = _digest(vae.folder)
        yield Change(kind="VAE", name=vae.name, digest=digest, revision=vae.revision)
    for lora in changes.loras:
        digest = _digest(lora.file)
        yield Change(kind="LoRA", name=lora.file.name, digest=digest, scale=lora.scale)
    for embedding in changes.embeddings:
        yield Change(kind="embedding", name=str(embedding), digest=_digest(embedding.file))


def _digest(path: Path) -> str:
    """The SHA-256 of a file, or over the files of a folder."""
    digest = hashlib.sha256()
    for file in sorted(each for each in path.glob("*") if each.is_file()) or [path]:
        with file.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()
