"""The checkpoint that is called "pocket", read from the package's own data."""

from importlib import resources
from pathlib import Path
from typing import final

import attrs

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.errors import InvalidRequest
from ...domain.ports.checkpoints import CheckpointSource

NAME = "pocket"
# With PNDM its colours overshoot at 5 and above; see docs/explanation/the-pocket-model.md.
_GUIDANCE_SCALE = 3.0
# That of this program, which it is part of.
_LICENCE = "mit"


@final
class PocketSource(CheckpointSource):
    """Knows one name; what reads folders reads the pocket model's too."""

    def __init__(self, folders: CheckpointSource, folder: Path | None = None) -> None:
        """Take the checkpoint from `folder`, or from the installed package."""
        self._folders = folders
        self._folder = folder or Path(str(resources.files(__package__) / "checkpoint"))

    def knows(self, model: str) -> bool:
        """Whether this is the pocket model's name."""
        return model == NAME

    def open(self, model: str, revision: str | None = None) -> Checkpoint:
        """Read the pocket model's configuration."""
        if revision is not None:
            raise InvalidRequest("--revision", f"{NAME} comes with this program and has only one")
        checkpoint = self._folders.open(str(self._folder))
        facts = attrs.evolve(
            checkpoint.facts,
            model=model,
            model_version=NAME,
            licence=_LICENCE,
            guidance_scale=_GUIDANCE_SCALE,
        )
        return attrs.evolve(checkpoint, facts=facts)

    def fingerprint(self, checkpoint: Checkpoint, component: Component) -> str:
        """The SHA-256 over the component's files."""
        return self._folders.fingerprint(checkpoint, component)
