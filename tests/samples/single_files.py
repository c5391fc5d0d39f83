"""Checkpoints in a single file, by Stability AI's names, of the networks of a diffusers folder.

The names are those that diffusers' conversion scripts read and write.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

Tensors = Mapping[str, torch.Tensor]

_WEIGHTS = "diffusion_pytorch_model.safetensors"
_UNET = "model.diffusion_model."
_VAE = "first_stage_model."
_OUTSIDE = {
    "conv_in": "input_blocks.0.0",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
    "mid_block.resnets.0": "middle_block.0",
    "mid_block.attentions.0": "middle_block.1",
    "mid_block.resnets.1": "middle_block.2",
}
_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
_VAE_PARTS = {
    r"mid_block\.resnets\.0": "mid.block_1",
    r"mid_block\.resnets\.1": "mid.block_2",
    r"mid_block\.attentions\.0": "mid.attn_1",
    r"down_blocks\.(\d)\.resnets": r"down.\1.block",
    r"down_blocks\.(\d)\.downsamplers\.0": r"down.\1.downsample",
    r"group_norm": "norm",
    r"to_([qkv])": r"\1",
    r"to_out\.0": "proj_out",
    r"conv_norm_out": "norm_out",
    r"conv_shortcut": "nin_shortcut",
}
_OPEN_CLIP_PARTS = {
    "embeddings.token_embedding.weight": "token_embedding.weight",
    "embeddings.position_embedding.weight": "positional_embedding",
    "final_layer_norm": "ln_final",
    "encoder.layers": "transformer.resblocks",
    "self_attn.out_proj": "attn.out_proj",
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}


def write_single_file(
    file: Path,
    folder: Path,
    *,
    clip: str | None = None,
    open_clip: str | None = None,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Save the folder's networks; `clip` and `open_clip` are the prefixes of its text encoders."""
    tensors = unet_names(load_file(folder / "unet" / _WEIGHTS))
    tensors |= vae_names(load_file(folder / "vae" / _WEIGHTS))
    encoders = iter(sorted(path for path in folder.glob("text_encoder*")))
    for prefix, rename in ((clip, _clip), (open_clip, _open_clip)):
        if prefix is not None:
            found = rename(load_file(next(encoders) / "model.safetensors"))
            tensors |= {f"{prefix}{name}": tensor for name, tensor in found.items()}
    kept = {name: tensor.contiguous() for name, tensor in tensors.items()}
    save_file(kept, file, dict(metadata or {}))


def unet_names(tensors: Tensors) -> dict[str, torch.Tensor]:
    """A UNet's tensors by Stability AI's names."""
    layers = len({name.split(".")[3] for name in tensors if name.startswith("down_blocks.0.res")})
    return {_UNET + _unet_name(name, layers, tensors): each for name, each in tensors.items()}


def _unet_name(name: str, layers: int, tensors: Tensors) -> str:
    for here, there in _OUTSIDE.items():
        if name.startswith(f"{here}."):
            return there + _resnet(name.removeprefix(here))
    found = re.fullmatch(r"(down|up)_blocks\.(\d)\.(\w+)\.(\d)(\..+)", name)
    assert found is not None
    direction, block, kind, layer, rest = found[1], int(found[2]), found[3], int(found[4]), found[5]
    if kind == "downsamplers":
        return f"input_blocks.{(block + 1) * (layers + 1)}.0.op{rest.removeprefix('.conv')}"
    if kind == "upsamplers":
        attends = f"up_blocks.{block}.attentions.0.norm.weight" in tensors
        return f"output_blocks.{block * (layers + 1) + layers}.{2 if attends else 1}{rest}"
    first = 1 + block * (layers + 1) if direction == "down" else block * (layers + 1)
    blocks = "input_blocks" if direction == "down" else "output_blocks"
    place = 0 if kind == "resnets" else 1
    return f"{blocks}.{first + layer}.{place}{_resnet(rest)}"


def _resnet(rest: str) -> str:
    part, _, ending = rest.removeprefix(".").partition(".")
    return f".{_RESNET[part]}.{ending}" if part in _RESNET else rest


def vae_names(tensors: Tensors) -> dict[str, torch.Tensor]:
    """A VAE's tensors by Stability AI's names, with convolutions for its linear layers."""
    named = {}
    levels = len({name.split(".")[2] for name in tensors if name.startswith("encoder.down_blocks")})
    for name, tensor in tensors.items():
        renamed = re.sub(
            r"up_blocks\.(\d)\.(resnets|upsamplers\.0)",
            lambda found: (
                f"up.{levels - 1 - int(found[1])}."
                + ("block" if found[2] == "resnets" else "upsample")
            ),
            name,
        )
        for here, there in _VAE_PARTS.items():
            renamed = re.sub(here, there, renamed)
        is_linear = "attn_1" in renamed and tensor.ndim == 2
        named[_VAE + renamed] = tensor[:, :, None, None] if is_linear else tensor
    return named


def _clip(tensors: Tensors) -> dict[str, torch.Tensor]:
    return {f"text_model.{name}": tensor for name, tensor in tensors.items()}


def _open_clip(tensors: Tensors) -> dict[str, torch.Tensor]:
    renamed: dict[str, torch.Tensor] = {}
    for name, tensor in tensors.items():
        there = name.removeprefix("text_model.")
        for here, part in _OPEN_CLIP_PARTS.items():
            there = there.replace(here, part)
        if there == "text_projection.weight":
            renamed["text_projection"] = tensor.T
        elif ".q_proj." in there:
            kinds = [tensors[name.replace("q_proj", f"{kind}_proj")] for kind in "qkv"]
            renamed[there.replace("self_attn.q_proj.", "attn.in_proj_")] = torch.cat(kinds)
        elif "_proj." not in there or "out_proj" in there or "c_proj" in there:
            renamed[there] = tensor
    return renamed
