"""One network to convert, and where it comes from."""

import attrs

from ..checkpoint import Checkpoint
from ..component import Component, Place


@attrs.frozen(kw_only=True)
class Part:
    """A component of a model, or of a ControlNet or refiner that goes with it.

    `file` is its package's name, `source` the SHA-256 over its files in the checkpoint, and `model`
    what the ControlNet or refiner is called.
    """

    checkpoint: Checkpoint
    component: Component
    file: str
    source: str
    model: str | None = None

    @property
    def revision(self) -> str | None:
        """The revision of a ControlNet or refiner, where it has one; that of models is theirs."""
        return None if self.model is None else self.checkpoint.facts.revision

    @property
    def place(self) -> Place:
        """Where its package belongs, whatever the package's name."""
        return self.component.place(self.model)
