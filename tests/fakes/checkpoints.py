"""A source whose checkpoints were never on a disk."""

from collections.abc import Mapping
from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import NotACheckpoint, UnreachableCheckpoint
from coreml_stable_diffusion.domain.model_facts import ModelFacts, ModelFamily
from coreml_stable_diffusion.domain.ports.checkpoints import CheckpointSource

#: What a checkpoint of Stable Diffusion 1 or 2 has.
COMPONENTS = (
    Component.TEXT_ENCODER,
    Component.UNET,
    Component.CONTROL_UNET,
    Component.VAE_DECODER,
    Component.VAE_ENCODER,
    Component.SAFETY_CHECKER,
)


@attrs.define
class FakeCheckpointSource(CheckpointSource):
    """Has checkpoints by name.

    `weights` stand for the content of a component's files, `absent` are those without files.
    `controlnets` are names that it knows, as the Hub knows every name. `opened` are the models that
    were asked for, each with its revision; the Hub has no revision that is `gone` any more.
    """

    checkpoints: Mapping[str, Checkpoint]
    weights: dict[Component, str] = attrs.field(factory=dict)
    absent: tuple[Component, ...] = ()
    controlnets: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    opened: list[tuple[str, str | None]] = attrs.field(factory=list)

    def knows(self, model: str) -> bool:
        return model in {*self.checkpoints, *self.controlnets}

    def open(self, model: str, revision: str | None = None) -> Checkpoint:
        if model not in self.checkpoints:
            raise NotACheckpoint(model, "it is not among the fakes")
        if revision in self.gone:
            raise UnreachableCheckpoint(model, f"it has no revision {revision}")
        self.opened.append((model, revision))
        found = self.checkpoints[model]
        return attrs.evolve(found, facts=attrs.evolve(found.facts, revision=revision))

    def fingerprint(self, checkpoint: Checkpoint, component: Component) -> str:
        checkpoint.require(component)
        if component in self.absent:
            raise NotACheckpoint(checkpoint.model, f"{component.value} has no files")
        return f"sha256 of {self.weights.get(component, 'the first weights')}"


def fake_checkpoint(model: str = "owner/model") -> Checkpoint:
    facts = ModelFacts(
        model=model,
        model_version=model,
        revision=None,
        family=ModelFamily.SD1,
        scheduler={"_class_name": "PNDMScheduler"},
        latent_channels=4,
        latent_height=8,
        latent_width=8,
        vae_scale_factor=8,
        vae_scaling_factor=0.18215,
        vae_shift_factor=0.0,
        text_length=77,
    )
    return Checkpoint(folder=Path("checkpoints", model), components=COMPONENTS, facts=facts)
