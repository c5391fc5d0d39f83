"""ControlNets in local folders, as diffusers' `save_pretrained` writes them; reads JSON only."""

from pathlib import Path
from typing import Any

import attrs

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.errors import MismatchedCheckpoint, NotACheckpoint, UnsupportedCheckpoint
from .config_file import ConfigFile, read_config, unet_config
from .family import foreign_input
from .model_card import licence

_CLASS = "ControlNetModel"
# What must be the same for the residuals to fit, and in words.
_SHARED = {
    "cross_attention_dim": "attends to texts of width",
    "block_out_channels": "has blocks of widths",
    "layers_per_block": "has layers per block:",
    "addition_embed_type": "also takes",
}


def read_controlnet(folder: Path, model: str, base: Checkpoint) -> Checkpoint:
    """The ControlNet with the sizes of the checkpoint that it is to guide.

    Raises NotACheckpoint, UnsupportedCheckpoint and MismatchedCheckpoint.
    """
    config = read_config(folder, "config.json", model)
    if (found := config.get("_class_name")) != _CLASS:
        raise NotACheckpoint(model, f"config.json is of a {found} where {_CLASS} is needed")
    if problem := foreign_input(config):
        raise UnsupportedCheckpoint(model, f"it {problem}")
    _require_fit(config, unet_config(base), model, base)
    facts = attrs.evolve(
        base.facts,
        model=model,
        model_version=folder.name,
        revision=None,
        licence=licence(folder),
    )
    return Checkpoint(folder=folder, components=(Component.CONTROLNET,), facts=facts)


def _require_fit(config: ConfigFile, unet: ConfigFile, model: str, base: Checkpoint) -> None:
    for key, words in _SHARED.items():
        found, needed = _plain(config.get(key)), _plain(unet.get(key))
        if found != needed:
            problem = f"it {words} {_spoken(found)}, the UNet's are {_spoken(needed)}"
            raise MismatchedCheckpoint(model, base.model, problem)


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _spoken(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "nothing" if value is None else str(value)
