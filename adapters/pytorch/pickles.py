"""Weights in pickles, read with nothing run but the making of tensors."""

import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from .safetensors_writer import TensorToWrite, write_safetensors

_NESTED = "state_dict"


def read_pickle(file: Path) -> dict[str, torch.Tensor]:
    """Map the tensors of a pickle, which may hold them under "state_dict".

    Raises OSError, and ValueError where it holds none or wants to run something else.
    """
    found = load_pickle(file)
    if isinstance(found, Mapping) and isinstance(found.get(_NESTED), Mapping):
        found = found[_NESTED]
    named = found.items() if isinstance(found, Mapping) else ()
    tensors = {str(name): each for name, each in named if isinstance(each, torch.Tensor)}
    if not tensors:
        raise ValueError("its pickle holds no tensors by name")
    return tensors


def write_unpickled(files: list[Path], target: Path) -> None:
    """Write the tensors of pickles to one safetensors file. Raises as `read_pickle`."""
    tensors = {name: each for file in files for name, each in read_pickle(file).items()}
    write_safetensors(
        target,
        {
            name: TensorToWrite(dtype=each.dtype, shape=tuple(each.shape), make=each.contiguous)
            for name, each in tensors.items()
        },
    )


def load_pickle(file: Path) -> Any:
    """What a pickle holds. Raises OSError, and ValueError where it is broken or more than data."""
    # The oldest pickles are no archives, whose tensors could be mapped.
    is_archive = zipfile.is_zipfile(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(file, map_location="cpu", weights_only=True, mmap=is_archive)
    except FileNotFoundError:
        raise
    # The unpickler raises whatever it stumbles over.
    except Exception as error:
        raise ValueError(f"its pickle is refused: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # PyTorch explains for many lines what it refused, and names it late.
    named = [line for line in lines if "GLOBAL" in line]
    return (named or lines or [type(error).__name__])[0]
