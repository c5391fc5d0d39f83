"""VAEs in local folders, as diffusers' `save_pretrained` writes them; reads JSON only."""

from pathlib import Path

from ...domain.changes import CustomVae
from ...domain.checkpoint import Checkpoint
from ...domain.errors import MismatchedCheckpoint, NotACheckpoint
from .config_file import read_config

_CLASS = "AutoencoderKL"


def read_vae(folder: Path, model: str, base: Checkpoint) -> CustomVae:
    """The VAE, where its latents are as those of the checkpoint.

    Raises NotACheckpoint and MismatchedCheckpoint.
    """
    config = read_config(folder, "config.json", model)
    if (found := config.get("_class_name")) != _CLASS:
        raise NotACheckpoint(model, f"config.json is of a {found} where {_CLASS} is needed")
    channels = config.integer("latent_channels")
    factor = 2 ** (len(config.require("block_out_channels")) - 1)
    facts = base.facts
    if (channels, factor) != (facts.latent_channels, facts.vae_scale_factor):
        problem = (
            f"its latents have {channels} channels, {factor} times smaller than pictures, the"
            f" UNet's {facts.latent_channels}, {facts.vae_scale_factor} times smaller"
        )
        raise MismatchedCheckpoint(model, base.model, problem)
    return CustomVae(model, folder)
