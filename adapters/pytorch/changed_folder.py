"""The folder of a checkpoint with other weights, linked to what stays as it was."""

import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import torch

from ...domain.changes import CustomVae
from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.errors import MismatchedCheckpoint, NotACheckpoint, first_line
from .config_file import read_config
from .lora_file import LoraFile, LowRankChange
from .safetensors_file import StoredTensor, stored_tensors
from .safetensors_writer import TensorToWrite, write_safetensors
from .weight_files import WeightFiles, find_weight_files

_VAE = "vae"


def touched_components(checkpoint: Checkpoint, loras: Iterable[LoraFile]) -> tuple[Component, ...]:
    """Whose weights the LoRAs change. Raises MismatchedCheckpoint where one is not there."""
    for lora in loras:
        if strange := lora.components - set(checkpoint.components):
            problem = f"it changes a {min(each.label for each in strange)}, which the model lacks"
            raise MismatchedCheckpoint(str(lora.lora.file), checkpoint.model, problem)
    changed = {each for lora in loras for each in lora.components}
    return tuple(component for component in checkpoint.components if component in changed)


def write_changed_folder(
    made: Path,
    checkpoint: Checkpoint,
    touched: Iterable[Component],
    loras: Iterable[LoraFile],
    vae: CustomVae | None,
) -> None:
    """Make the folder. Raises NotACheckpoint and MismatchedCheckpoint."""
    made.mkdir()
    places = {component: find_weight_files(checkpoint, component) for component in touched}
    replaced = {weights.folder.name for weights in places.values()}
    for path in checkpoint.folder.iterdir():
        if path.name not in replaced and not (vae is not None and path.name == _VAE):
            (made / path.name).symlink_to(path.resolve())
    if vae is not None:
        (made / _VAE).symlink_to(vae.folder.resolve())
    for component, weights in places.items():
        folder = made / weights.folder.name
        folder.mkdir()
        shutil.copy(weights.folder / "config.json", folder)
        _write_changed(folder, checkpoint, component, weights, loras)


def _write_changed(
    folder: Path,
    checkpoint: Checkpoint,
    component: Component,
    weights: WeightFiles,
    loras: Iterable[LoraFile],
) -> None:
    try:
        stored = {name: each for file in weights.files for name, each in stored_tensors(file)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"{weights.folder.name} cannot be loaded: {first_line(error)}"
        raise NotACheckpoint(checkpoint.model, problem) from error
    layers = read_config(checkpoint.folder, "unet/config.json", checkpoint.model).get(
        "layers_per_block", 2
    )
    per_block = layers if isinstance(layers, int) else layers[0]
    added = [lora.changes(component, stored, per_block, checkpoint.model) for lora in loras]
    tensors = {
        name: TensorToWrite(
            dtype=each.dtype,
            shape=each.shape,
            make=partial(_changed, each, [found[name] for found in added if name in found]),
        )
        for name, each in stored.items()
    }
    write_safetensors(folder / f"{weights.stem}.safetensors", tensors)


def _changed(stored: StoredTensor, changes: Iterable[LowRankChange]) -> torch.Tensor:
    weight = stored.read()
    for change in changes:
        weight = change.added_to(weight)
    return weight
