"""Which safetensors files hold a component's weights, and what tells them from all others."""

import hashlib
from pathlib import Path

import attrs

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.errors import NotACheckpoint
from .config_file import read_config

#: The component's folder in a checkpoint, and what its weight files' names begin with.
_PLACES = {
    Component.TEXT_ENCODER: ("text_encoder", "model"),
    Component.TEXT_ENCODER_2: ("text_encoder_2", "model"),
    Component.UNET: ("unet", "diffusion_pytorch_model"),
    Component.CONTROL_UNET: ("unet", "diffusion_pytorch_model"),
    Component.REFINER: ("unet", "diffusion_pytorch_model"),
    Component.VAE_DECODER: ("vae", "diffusion_pytorch_model"),
    Component.VAE_ENCODER: ("vae", "diffusion_pytorch_model"),
    Component.SAFETY_CHECKER: ("safety_checker", "model"),
    # A ControlNet is a checkpoint of one network, in no folder of its own.
    Component.CONTROLNET: (".", "diffusion_pytorch_model"),
}
#: Where any network's weights may be, by what the files' names begin with.
STEMS = sorted({f"{folder}/{stem}".removeprefix("./") for folder, stem in _PLACES.values()})
# Full weights are taken where both are there: a package may be wanted in float32.
_VARIANTS = (None, "fp16")
_PICKLES = ("*.bin", "*.ckpt", "*.pt")


@attrs.frozen(kw_only=True)
class WeightFiles:
    """The weights of one component: its folder, diffusers' name of the variant, and the files.

    `stem` is what a file of all weights is called.
    """

    folder: Path
    stem: str
    variant: str | None
    files: tuple[Path, ...]

    def fingerprint(self) -> str:
        """The SHA-256 over the configuration and all weights."""
        digest = hashlib.sha256()
        for path in (self.folder / "config.json", *self.files):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()


def find_weight_files(checkpoint: Checkpoint, component: Component) -> WeightFiles:
    """Find the component's safetensors files, whole or in shards; never pickles.

    Raises MissingComponent, and NotACheckpoint where there are no such files.
    """
    checkpoint.require(component)
    name, stem = _PLACES[component]
    folder = checkpoint.folder / name
    for variant in _VARIANTS:
        suffix = f".{variant}" if variant else ""
        if files := _files(checkpoint, f"{name}/{stem}", suffix):
            _require_all(checkpoint, (folder / "config.json", *files))
            return WeightFiles(folder=folder, stem=stem, variant=variant, files=files)
    raise NotACheckpoint(checkpoint.model, f"{name} has no .safetensors file{_advice(folder)}")


def _files(checkpoint: Checkpoint, stem: str, suffix: str) -> tuple[Path, ...]:
    whole = checkpoint.folder / f"{stem}{suffix}.safetensors"
    index = f"{stem}.safetensors.index{suffix}.json"
    if (checkpoint.folder / index).is_file():
        shards = read_config(checkpoint.folder, index, checkpoint.model).require("weight_map")
        return tuple(whole.parent / shard for shard in sorted(set(shards.values())))
    return (whole,) if whole.is_file() else ()


def _require_all(checkpoint: Checkpoint, files: tuple[Path, ...]) -> None:
    for file in files:
        if not file.is_file():
            name = file.relative_to(checkpoint.folder)
            raise NotACheckpoint(checkpoint.model, f"{name} is missing")


def _advice(folder: Path) -> str:
    if any(path for pattern in _PICKLES for path in folder.glob(pattern)):
        return "; its weights are pickles, which are read with --allow-pickle alone"
    return "; weights in pickles are read with --allow-pickle alone"
