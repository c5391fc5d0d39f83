"""Loads one network without its numbers: its weights are read when they are written."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import nn

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.errors import NotACheckpoint
from .late_tensor import LateTensor
from .loading import NETWORK_CLASSES
from .safetensors_file import StoredTensor, stored_tensors
from .weight_files import find_weight_files

# What transformers called its networks' insides before version 5, and still reads.
_FORMER_NAMES = (
    (re.compile(r"^text_model\."), ""),
    (re.compile(r"^vision_model\.vision_model\."), "vision_model."),
)
_COUNTING_BUFFER = "position_ids"


class NamesDiffer(Exception):  # noqa: N818 - it is a reason to load the other way, no failure
    """The files' names are not the network's; only the library that wrote them knows better."""


def load_late_network(checkpoint: Checkpoint, component: Component) -> nn.Module:
    """Build the component in float32 with weights that are read later, ready to be recorded.

    Raises NamesDiffer where the library has to load it, MissingComponent and NotACheckpoint.
    """
    weights = find_weight_files(checkpoint, component)
    network = _empty_network(NETWORK_CLASSES[component], weights.folder)
    try:
        stored = {name: each for file in weights.files for name, each in stored_tensors(file)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"{weights.folder.name} cannot be loaded: {error}"
        raise NotACheckpoint(checkpoint.model, problem) from error
    wanted = network.state_dict()
    named = _by_present_names(stored, wanted)
    if any(name not in named or named[name].shape != each.shape for name, each in wanted.items()):
        raise NamesDiffer(f"the names in {weights.folder.name} are not the network's")
    network.load_state_dict({name: _late(named[name]) for name in wanted}, assign=True)
    _fill_buffers(network)
    return network.eval().requires_grad_(requires_grad=False)


def _empty_network(network_class: Any, folder: Any) -> nn.Module:
    with torch.device("meta"):
        if hasattr(network_class, "load_config"):  # diffusers
            config = network_class.load_config(folder, local_files_only=True)
            network: nn.Module = network_class.from_config(config)
        else:
            config = network_class.config_class.from_pretrained(folder, local_files_only=True)
            network = network_class(config)
    return network


def _by_present_names(
    stored: Mapping[str, StoredTensor], wanted: Iterable[str]
) -> dict[str, StoredTensor]:
    present = set(wanted)
    return {_present_name(name, present): each for name, each in stored.items()}


def _present_name(name: str, present: set[str]) -> str:
    if name not in present:
        for pattern, replacement in _FORMER_NAMES:
            if (other := pattern.sub(replacement, name)) in present:
                return other
    return name


def _late(stored: StoredTensor) -> torch.Tensor:
    like = torch.empty(stored.shape, dtype=stored.dtype, device="meta")
    late: torch.Tensor = LateTensor(like, stored.read)
    return late.float() if stored.dtype.is_floating_point else late


def _fill_buffers(network: nn.Module) -> None:
    """Make the buffers that no file holds; on the meta device they were made without numbers."""
    for path, module in network.named_modules():
        for name, buffer in module.named_buffers(recurse=False):
            if not buffer.is_meta or isinstance(buffer, LateTensor):
                continue
            if name != _COUNTING_BUFFER:
                raise NamesDiffer(f"no file holds {path}.{name}")
            module.register_buffer(name, torch.arange(buffer.numel()).expand(buffer.shape), False)
