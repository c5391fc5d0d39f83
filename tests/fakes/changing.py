"""Changes that are only told."""

import attrs
from coreml_stable_diffusion.domain.changes import Changes
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.model_facts import Change
from coreml_stable_diffusion.domain.ports.changing import CheckpointChanging


@attrs.frozen
class FakeChanging(CheckpointChanging):
    """Leaves the weights as they are."""

    def change(self, checkpoint: Checkpoint, changes: Changes) -> Checkpoint:
        told = [
            Change(kind="LoRA", name=lora.file.name, digest="", scale=lora.scale)
            for lora in changes.loras
        ]
        if changes.vae is not None:
            told.insert(
                0,
                Change(kind="VAE", name=changes.vae.name, digest="", revision=changes.vae.revision),
            )
        facts = attrs.evolve(checkpoint.facts, changes=tuple(told))
        return attrs.evolve(checkpoint, facts=facts)
