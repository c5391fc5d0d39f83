"""A diffusers checkpoint: what its configuration files say, without its weights."""

from pathlib import Path

import attrs

from .component import Component
from .errors import MissingComponent
from .model_facts import ModelFacts


@attrs.frozen(kw_only=True)
class Checkpoint:
    """A checkpoint in a local folder, in the layout of `DiffusionPipeline.save_pretrained`.

    `guessed_prediction` is the prediction type where nothing tells it, and the facts have a guess.
    """

    folder: Path
    components: tuple[Component, ...]
    facts: ModelFacts
    guessed_prediction: str | None = None

    @property
    def model(self) -> str:
        """What the user named it by: a Hub id, a folder, "pocket"."""
        return self.facts.model

    def require(self, component: Component) -> None:
        """Raise MissingComponent where the checkpoint lacks the component."""
        if component not in self.components:
            labels = [each.value for each in self.components]
            raise MissingComponent(self.model, component.value, labels)
