"""Which weight a tensor of a LoRA file changes, by the names of diffusers, peft and kohya.

A LoRA holds for a weight W two small matrices, down (r, in) and up (out, r), and adds
scale * alpha / r * up @ down to it (https://arxiv.org/abs/2106.09685).
"""

import re
from collections.abc import Iterable, Mapping

import attrs

from .component import Component

_ENDINGS = {
    ".lora_down.weight": "down",
    ".lora_up.weight": "up",
    ".lora_A.weight": "down",
    ".lora_B.weight": "up",
    ".lora.down.weight": "down",
    ".lora.up.weight": "up",
    ".lora_linear_layer.down.weight": "down",
    ".lora_linear_layer.up.weight": "up",
    "_lora.down.weight": "down",
    "_lora.up.weight": "up",
    ".alpha": "alpha",
}
_FOREIGN = {
    "dora_scale": "DoRA",
    "lora_magnitude_vector": "DoRA",
    "hada_": "LoHa",
    "lokr_": "LoKr",
    "lora_mid": "a core tensor",
}
_PREFIXES = {
    "lora_unet_": Component.UNET,
    "unet.": Component.UNET,
    "lora_te_": Component.TEXT_ENCODER,
    "lora_te1_": Component.TEXT_ENCODER,
    "text_encoder.": Component.TEXT_ENCODER,
    "lora_te2_": Component.TEXT_ENCODER_2,
    "text_encoder_2.": Component.TEXT_ENCODER_2,
}
# What peft writes before names, and what transformers left out of its own.
_FILLING = ("base_model_model_", "text_model_")


@attrs.frozen(kw_only=True)
class LowRankNames:
    """The names in a LoRA file of what changes one weight; without `alpha` it equals the rank."""

    module: str
    component: Component
    down: str
    up: str
    alpha: str | None = None


def low_rank_names(names: Iterable[str]) -> list[LowRankNames]:
    """Group a file's names by the modules that they change.

    Raises ValueError where the file holds something else than pairs of down and up.

    >>> [pair] = low_rank_names(["unet.mid.to_q.lora_A.weight", "unet.mid.to_q.lora_B.weight"])
    >>> (pair.component.value, pair.module)
    ('unet', 'unet.mid.to_q')
    """
    modules: dict[str, dict[str, str]] = {}
    for name in names:
        if foreign := next((kind for mark, kind in _FOREIGN.items() if mark in name), None):
            raise ValueError(f"it is no plain LoRA but has {foreign} ({name})")
        ending = next((each for each in _ENDINGS if name.endswith(each)), None)
        if ending is None:
            raise ValueError(f"it is no LoRA: {name} is neither down, up nor alpha")
        modules.setdefault(name.removesuffix(ending), {})[_ENDINGS[ending]] = name
    if not modules:
        raise ValueError("it holds no tensors")
    for module, parts in modules.items():
        if lacking := {"down", "up"} - parts.keys():
            raise ValueError(f"{module} has no {min(lacking)}")
    return [
        LowRankNames(module=module, component=_component(module), **parts)
        for module, parts in modules.items()
    ]


def by_module(weights: Iterable[str]) -> dict[str, str]:
    """A component's weights by what `changed_weight` looks for."""
    return {_key(name.removesuffix(".weight")): name for name in weights}


def changed_weight(
    names: LowRankNames, weights: Mapping[str, str], layers_per_block: int
) -> str | None:
    """Which of the component's weights, as `by_module` tells them, it changes; None for none.

    >>> weights = by_module(["down_blocks.0.attentions.1.proj_in.weight"])
    >>> kohya = "lora_unet_input_blocks_2_1_proj_in"
    >>> names = low_rank_names([f"{kohya}.lora_down.weight", f"{kohya}.lora_up.weight"])
    >>> changed_weight(names[0], weights, layers_per_block=2)
    'down_blocks.0.attentions.1.proj_in.weight'
    """
    prefix = next((each for each in _PREFIXES if names.module.startswith(each)), "")
    key = _key(names.module.removeprefix(prefix))
    for candidate in (key, f"{key}_0", _from_original_blocks(key, layers_per_block)):
        if candidate in weights:
            return weights[candidate]
    return None


def _component(module: str) -> Component:
    # The first files of diffusers hold the UNet's alone, without a prefix.
    found = (component for prefix, component in _PREFIXES.items() if module.startswith(prefix))
    return next(found, Component.UNET)


def _key(module: str) -> str:
    """Kohya writes "_" for ".", so names are told apart without either."""
    key = module.replace(".", "_").replace("_processor_", "_")
    for filling in _FILLING:
        key = key.removeprefix(filling)
    return key


_RESNET_PARTS: Mapping[str, str] = {
    "in_layers_0": "norm1",
    "in_layers_2": "conv1",
    "emb_layers_1": "time_emb_proj",
    "out_layers_0": "norm2",
    "out_layers_3": "conv2",
    "skip_connection": "conv_shortcut",
}
_OUTSIDE_BLOCKS: Mapping[str, str] = {
    "input_blocks_0_0": "conv_in",
    "time_embed_0": "time_embedding_linear_1",
    "time_embed_2": "time_embedding_linear_2",
    "label_emb_0_0": "add_embedding_linear_1",
    "label_emb_0_2": "add_embedding_linear_2",
    "out_0": "conv_norm_out",
    "out_2": "conv_out",
}
_MIDDLE = {"0": "mid_block_resnets_0", "1": "mid_block_attentions_0", "2": "mid_block_resnets_1"}


def _from_original_blocks(key: str, layers_per_block: int) -> str:
    """The name in diffusers of a module that goes by Stability AI's names for the UNet's blocks."""
    if key in _OUTSIDE_BLOCKS:
        return _OUTSIDE_BLOCKS[key]
    if found := re.fullmatch(r"middle_block_(\d)_(.+)", key):
        return f"{_MIDDLE.get(found[1], '')}_{_RESNET_PARTS.get(found[2], found[2])}"
    found = re.fullmatch(r"(input|output)_blocks_(\d+)_(\d)_(.+)", key)
    if found is None:
        return key
    direction, number, place, rest = found[1], int(found[2]), found[3], found[4]
    step = layers_per_block + 1
    block, layer = divmod(number - 1 if direction == "input" else number, step)
    blocks = f"{'down' if direction == 'input' else 'up'}_blocks_{block}"
    if rest == "op":
        return f"{blocks}_downsamplers_0_conv"
    if rest == "conv":
        return f"{blocks}_upsamplers_0_conv"
    kind = "resnets" if place == "0" else "attentions"
    return f"{blocks}_{kind}_{layer}_{_RESNET_PARTS.get(rest, rest)}"
