"""Checkpoints of every kind with random weights, and pipelines of ours and of diffusers on them."""

from pathlib import Path
from typing import Any

import diffusers
from samples.checkpoints import (
    write_checkpoint,
    write_distilled_checkpoint,
    write_refiner,
    write_xl_checkpoint,
)
from samples.controlnets import write_controlnet, write_xl_controlnet
from samples.diffusers_world import DiffusersWorld, theirs


class DiffusersCheckpoints:
    """Written when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        writers: dict[str, Any] = {
            "sd": write_checkpoint,
            "inpainting": lambda path: write_checkpoint(path, in_channels=9),
            "instructed": lambda path: write_checkpoint(path, in_channels=8),
            "distilled": write_distilled_checkpoint,
            "xl": write_xl_checkpoint,
            "refiner": write_refiner,
            "edges": write_controlnet,
            "depths": lambda path: write_controlnet(path, seed=7),
            "xl-edges": write_xl_controlnet,
        }
        if not (self._folder / name).exists():
            writers[name](self._folder / name)
        return self._folder / name

    def ours(self, name: str, *controlnets: str, **settings: Any) -> DiffusersWorld:
        nets = tuple(map(self.path, controlnets))
        return DiffusersWorld.of(self.path(name), controlnets=nets, check_safety=False, **settings)

    def theirs(self, kind: str, name: str, *controlnets: str, **parts: Any) -> Any:
        nets = [diffusers.ControlNetModel.from_pretrained(self.path(each)) for each in controlnets]
        if nets:
            parts["controlnet"] = nets if len(nets) > 1 else nets[0]
        if "XL" not in kind:
            parts["safety_checker"] = None
        return theirs(getattr(diffusers, f"{kind}Pipeline"), self.path(name), **parts)
