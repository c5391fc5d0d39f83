"""The folder of a checkpoint with other weights, linked to what stays as it was."""

import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import attrs
import torch

from ...domain.changes import CustomVae
from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.errors import MismatchedCheckpoint, NotACheckpoint, first_line
from .config_file import unet_config
from .embedding_file import EmbeddingFile
from .learned_tokens import with_rows, write_config, write_tokens
from .lora_file import LoraFile, LowRankChange
from .safetensors_file import StoredTensor, stored_tensors
from .safetensors_writer import TensorToWrite, write_safetensors
from .weight_files import WeightFiles, find_weight_files

_VAE = "vae"
_TOKENIZERS = {Component.TEXT_ENCODER: "tokenizer", Component.TEXT_ENCODER_2: "tokenizer_2"}


@attrs.frozen(kw_only=True)
class WeightChanges:
    """What is done to the weights of networks; each file was read as far as its header."""

    loras: tuple[LoraFile, ...] = ()
    embeddings: tuple[EmbeddingFile, ...] = ()

    def touched(self, checkpoint: Checkpoint) -> tuple[Component, ...]:
        """Whose weights change. Raises MismatchedCheckpoint where one is not there."""
        for lora in self.loras:
            if strange := lora.components - set(checkpoint.components):
                label = min(each.label for each in strange)
                problem = f"it changes a {label}, which the model lacks"
                raise MismatchedCheckpoint(str(lora.lora.file), checkpoint.model, problem)
        changed = {each for lora in self.loras for each in lora.components}
        if self.embeddings:
            changed |= set(_TOKENIZERS)
        return tuple(component for component in checkpoint.components if component in changed)


def write_changed_folder(
    made: Path,
    checkpoint: Checkpoint,
    changes: WeightChanges,
    vae: CustomVae | None,
) -> None:
    """Make the folder. Raises NotACheckpoint and MismatchedCheckpoint."""
    made.mkdir()
    touched = changes.touched(checkpoint)
    places = {component: find_weight_files(checkpoint, component) for component in touched}
    made_anew = {weights.folder.name for weights in places.values()}
    if vae is not None:
        made_anew.add(_VAE)
        (made / _VAE).symlink_to(vae.folder.resolve())
    if changes.embeddings:
        made_anew |= set(_TOKENIZERS.values())
    for path in checkpoint.folder.iterdir():
        if path.name not in made_anew:
            (made / path.name).symlink_to(path.resolve())
    for component, weights in places.items():
        folder = made / weights.folder.name
        folder.mkdir()
        config = Path(shutil.copy(weights.folder / "config.json", folder))
        _write_weights(folder, checkpoint, component, weights, changes)
        if changes.embeddings and component in _TOKENIZERS:
            tokenizer = _TOKENIZERS[component]
            shutil.copytree(checkpoint.folder / tokenizer, made / tokenizer)
            first_id = write_config(config, changes.embeddings)
            write_tokens(made / tokenizer, changes.embeddings, first_id, checkpoint.model)


def _write_weights(
    folder: Path,
    checkpoint: Checkpoint,
    component: Component,
    weights: WeightFiles,
    changes: WeightChanges,
) -> None:
    try:
        stored = {name: each for file in weights.files for name, each in stored_tensors(file)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"{weights.folder.name} cannot be loaded: {first_line(error)}"
        raise NotACheckpoint(checkpoint.model, problem) from error
    layers = _layers_per_block(checkpoint)
    added = [lora.changes(component, stored, layers, checkpoint.model) for lora in changes.loras]
    tensors = {
        name: TensorToWrite(
            dtype=each.dtype,
            shape=each.shape,
            make=partial(_changed, each, [found[name] for found in added if name in found]),
        )
        for name, each in stored.items()
    }
    if changes.embeddings and component in _TOKENIZERS:
        tensors = with_rows(tensors, stored, component, changes.embeddings, checkpoint.model)
    write_safetensors(folder / f"{weights.stem}.safetensors", tensors)


def _layers_per_block(checkpoint: Checkpoint) -> int:
    layers = unet_config(checkpoint).get("layers_per_block", 2)
    return layers if isinstance(layers, int) else int(layers[0])


def _changed(stored: StoredTensor, changes: Iterable[LowRankChange]) -> torch.Tensor:
    weight = stored.read()
    for change in changes:
        weight = change.added_to(weight)
    return weight
