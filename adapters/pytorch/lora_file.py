"""The changes that a LoRA file makes to weights."""

import json
import math
from collections.abc import Mapping
from typing import Any

import attrs
import torch
from safetensors import SafetensorError, safe_open

from ...domain.changes import Lora
from ...domain.component import Component
from ...domain.errors import MismatchedCheckpoint, UnreadableWeights, first_line
from ...domain.lora_names import LowRankNames, by_module, changed_weight, low_rank_names
from .safetensors_file import StoredTensor, stored_tensors

# Where diffusers notes peft's configuration of each component.
_NOTES = "lora_adapter_metadata"


@attrs.frozen(kw_only=True)
class LowRankChange:
    """What is added to one weight: scale * up @ down."""

    down: StoredTensor
    up: StoredTensor
    scale: float

    def added_to(self, weight: torch.Tensor) -> torch.Tensor:
        """The changed weight in float32, of the same shape."""
        down, up = self.down.read().float(), self.up.read().float()
        product = up.reshape(len(up), -1) @ down.reshape(len(down), -1)
        return weight.float() + self.scale * product.reshape(weight.shape)

    def fits(self, weight: StoredTensor) -> bool:
        """Whether the product has as many rows and columns as the weight."""
        (rows, *columns), rank = weight.shape, self.down.shape[0]
        return (
            self.up.shape[0] == rows
            and torch.Size(self.up.shape[1:]).numel() == rank
            and torch.Size(self.down.shape[1:]).numel() == torch.Size(columns).numel()
        )


@attrs.frozen
class LoraFile:
    """The tensors of a file by name, what they change, and the notes of whoever wrote it."""

    lora: Lora
    tensors: Mapping[str, StoredTensor]
    pairs: tuple[LowRankNames, ...]
    notes: Mapping[str, Any]

    @property
    def components(self) -> set[Component]:
        """Whose weights it changes."""
        return {pair.component for pair in self.pairs}

    def changes(
        self,
        component: Component,
        weights: Mapping[str, StoredTensor],
        layers_per_block: int,
        model: str,
    ) -> dict[str, LowRankChange]:
        """What is added to each of the component's weights, by their names.

        Raises MismatchedCheckpoint where a change fits none of them.
        """
        modules = by_module(weights)
        found = {}
        for pair in self.pairs:
            if pair.component is component:
                weight = changed_weight(pair, modules, layers_per_block)
                change = self._change(pair)
                if weight is None or not change.fits(weights[weight]):
                    problem = _misfit(pair, None if weight is None else weights[weight].shape)
                    raise MismatchedCheckpoint(str(self.lora.file), model, problem)
                found[weight] = change
        return found

    def _change(self, pair: LowRankNames) -> LowRankChange:
        down, up = self.tensors[pair.down], self.tensors[pair.up]
        rank = down.shape[0]
        alpha = float(self.tensors[pair.alpha].read()) if pair.alpha else self._alpha(pair, rank)
        root = self.notes.get(f"{pair.component.value}.use_rslora", False)
        scale = self.lora.scale * alpha / (math.sqrt(rank) if root else rank)
        return LowRankChange(down=down, up=up, scale=scale)

    def _alpha(self, pair: LowRankNames, rank: int) -> float:
        for module, alpha in self.notes.get(f"{pair.component.value}.alpha_pattern", {}).items():
            if pair.module.endswith(f".{module}"):
                return float(alpha)
        return float(self.notes.get(f"{pair.component.value}.lora_alpha", rank))


def _misfit(pair: LowRankNames, shape: tuple[int, ...] | None) -> str:
    if shape is None:
        return f"the {pair.component.label} has no {pair.module}"
    size = " x ".join(map(str, shape))
    return f"it changes {pair.module} by another size than the {pair.component.label}'s {size}"


def read_lora(lora: Lora) -> LoraFile:
    """Read the header of a LoRA file. Raises UnreadableWeights."""
    try:
        tensors = dict(stored_tensors(lora.file))
        pairs = tuple(low_rank_names(tensors))
        with safe_open(lora.file, "pt") as opened:
            notes = json.loads((opened.metadata() or {}).get(_NOTES, "{}"))
    except FileNotFoundError as error:
        raise UnreadableWeights(lora.file, "there is no such file") from error
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise UnreadableWeights(lora.file, first_line(error)) from error
    return LoraFile(lora, tensors, pairs, notes)
