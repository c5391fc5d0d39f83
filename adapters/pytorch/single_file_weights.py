"""The tensors of a checkpoint in a single file, mapped into memory and not read."""

from pathlib import Path

from safetensors import safe_open

from .safetensors_file import stored_tensors
from .single_file_folder import SingleFileWeights


def read_single_file(file: Path) -> SingleFileWeights:
    """Map the tensors. Raises OSError, and ValueError where the file is broken."""
    tensors = {name: stored.read() for name, stored in stored_tensors(file)}
    with safe_open(file, "pt") as opened:
        return SingleFileWeights(tensors=tensors, metadata=opened.metadata() or {})
