"""LoRAs with random weights, under the names that diffusers, peft and kohya's trainer write."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs
import torch
from safetensors.torch import save_file
from torch import nn

RANK = 3


@attrs.frozen(kw_only=True)
class Pair:
    """What is added to one module's weight: alpha / rank * up @ down."""

    down: torch.Tensor
    up: torch.Tensor
    alpha: float = RANK


def build_pairs(network: nn.Module, ends: Iterable[str], alpha: float = RANK) -> dict[str, Pair]:
    """Pairs for the modules whose names end so, by the modules' names."""
    torch.manual_seed(7)
    pairs = {}
    for name, module in network.named_modules():
        if name.endswith(tuple(ends)) and isinstance(module, nn.Linear | nn.Conv2d):
            rows, *columns = module.weight.shape
            ones = (1,) * (len(columns) - 1)
            pairs[name] = Pair(
                down=0.3 * torch.randn(RANK, *columns),
                up=0.3 * torch.randn(rows, RANK, *ones),
                alpha=alpha,
            )
    assert pairs
    return pairs


def write_kohya(file: Path, networks: Mapping[str, Mapping[str, Pair]]) -> None:
    """Save pairs by kohya's names; the key of each network is unet, te, te1 or te2."""
    tensors = {}
    for network, pairs in networks.items():
        for module, pair in pairs.items():
            stem = f"lora_{network}_{module.replace('.', '_')}"
            tensors[f"{stem}.lora_down.weight"] = pair.down
            tensors[f"{stem}.lora_up.weight"] = pair.up
            tensors[f"{stem}.alpha"] = torch.tensor(pair.alpha)
    save_file(tensors, file)


def write_peft(file: Path, networks: Mapping[str, Mapping[str, Pair]]) -> None:
    """Save pairs by the names of diffusers since it has peft, which knows no alpha."""
    tensors = {}
    for network, pairs in networks.items():
        for module, pair in pairs.items():
            tensors[f"{network}.{module}.lora_A.weight"] = pair.down
            tensors[f"{network}.{module}.lora_B.weight"] = pair.up
    save_file(tensors, file)


def load(network: nn.Module, pairs: Mapping[str, Pair], scale: float = 1.0) -> None:
    """Let the network compute as with the LoRA loaded beside its weights, not fused into them."""
    modules = dict(network.named_modules())
    for name, pair in pairs.items():
        modules[name].register_forward_hook(_adding(modules[name], pair, scale))


def _adding(module: nn.Module, pair: Pair, scale: float) -> "_Hook":
    return _Hook(module, pair, scale * pair.alpha / RANK)


@attrs.frozen
class _Hook:
    module: nn.Module
    pair: Pair
    factor: float

    def __call__(
        self, _module: nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor
    ) -> torch.Tensor:
        (given,) = inputs
        if isinstance(self.module, nn.Conv2d):
            narrow = nn.functional.conv2d(
                given, self.pair.down, stride=self.module.stride, padding=self.module.padding
            )
            return output + self.factor * nn.functional.conv2d(narrow, self.pair.up)
        return output + self.factor * (given @ self.pair.down.T @ self.pair.up.T)
