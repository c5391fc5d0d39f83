"""A source whose ControlNets were never on a disk."""

from collections.abc import Mapping
from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.changes import CustomVae
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.errors import MismatchedCheckpoint, NotACheckpoint
from coreml_stable_diffusion.domain.model_facts import ModelFamily
from coreml_stable_diffusion.domain.ports.companions import CompanionSource


@attrs.define
class FakeCompanionSource(CompanionSource):
    """Has ControlNets by name, each for a family, and VAEs, each of a number of latent channels.

    `head` is the revision that what is on the Hub has today.
    """

    controlnets: Mapping[str, ModelFamily]
    vaes: Mapping[str, int] = attrs.field(factory=dict)
    head: str | None = None

    def knows(self, model: str) -> bool:
        return model in {*self.controlnets, *self.vaes}

    def open_controlnet(
        self, model: str, base: Checkpoint, revision: str | None = None
    ) -> Checkpoint:
        if model not in self.controlnets:
            raise NotACheckpoint(model, "it is not among the fakes")
        if self.controlnets[model] is not base.facts.family:
            problem = f"it is for {self.controlnets[model].value}"
            raise MismatchedCheckpoint(model, base.model, problem)
        facts = attrs.evolve(
            base.facts, model=model, model_version=model, revision=revision or self.head
        )
        components = (Component.CONTROLNET,)
        return Checkpoint(folder=Path("checkpoints", model), components=components, facts=facts)

    def open_vae(self, model: str, base: Checkpoint, revision: str | None = None) -> CustomVae:
        if model not in self.vaes:
            raise NotACheckpoint(model, "it is not among the fakes")
        if self.vaes[model] != base.facts.latent_channels:
            problem = f"its latents have {self.vaes[model]} channels"
            raise MismatchedCheckpoint(model, base.model, problem)
        return CustomVae(model, Path("vaes", model), revision or self.head)
