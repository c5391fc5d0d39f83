"""The tensors of a checkpoint in a single file, mapped into memory and not read."""

from pathlib import Path

from safetensors import safe_open

from .original_configs import UNET
from .pickles import read_pickle
from .safetensors_file import stored_tensors
from .single_file_folder import SingleFileWeights


def read_single_file(file: Path) -> SingleFileWeights:
    """Map the tensors. Raises OSError, and ValueError where the file is broken or has no UNet."""
    if file.suffix != ".safetensors":
        return _checked(SingleFileWeights(tensors=read_pickle(file), metadata={}))
    tensors = {name: stored.read() for name, stored in stored_tensors(file)}
    with safe_open(file, "pt") as opened:
        return _checked(SingleFileWeights(tensors=tensors, metadata=opened.metadata() or {}))


def _checked(weights: SingleFileWeights) -> SingleFileWeights:
    if f"{UNET}input_blocks.0.0.weight" not in weights.tensors:
        raise ValueError("it has no UNet by the names of Stability AI's code")
    return weights
