"""Where what goes with a checkpoint comes from."""

from typing import Protocol

from ..changes import CustomVae
from ..checkpoint import Checkpoint
from .checkpoints import CheckpointSource


class CompanionSource(Protocol):
    """Finds networks that were published by themselves, and fits them to a checkpoint."""

    def knows(self, model: str) -> bool:
        """Whether this source is the one to ask for `model`; as `CheckpointSource.knows`."""
        ...

    def open_controlnet(
        self, model: str, base: Checkpoint, revision: str | None = None
    ) -> Checkpoint:
        """Bring a ControlNet for `base` to this machine; its one component is the ControlNet.

        Its facts are those of `base` but for its names and licence. Raises what
        `CheckpointSource.open` raises, and MismatchedCheckpoint where it was made for a UNet of
        another form.
        """
        ...

    def open_vae(self, model: str, base: Checkpoint, revision: str | None = None) -> CustomVae:
        """Bring a VAE that can take the place of that of `base` to this machine.

        Raises as `open_controlnet`; the VAE has to have latents of the same form.
        """
        ...


class CheckpointFolders(CheckpointSource, CompanionSource, Protocol):
    """What finds both in folders on this machine."""
