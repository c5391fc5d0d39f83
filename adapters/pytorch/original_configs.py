"""The configurations that diffusers would give the networks of a single file, from its weights.

The names are those of Stability AI's code; `Shapes` are the tensors' shapes by name.
"""

from collections.abc import Mapping
from typing import Any

Shapes = Mapping[str, tuple[int, ...]]

#: In model_index.json: the prediction type, where the file does not tell it.
GUESS = "_guessed_prediction_type"
UNET = "model.diffusion_model."
VAE = "first_stage_model."
# Where text encoders stand, those of CLIP's own form first.
CLIP_PREFIXES = ("cond_stage_model.transformer.", "conditioner.embedders.0.transformer.")
OPEN_CLIP_SD2 = "cond_stage_model.model."
OPEN_CLIP_PREFIXES = (
    OPEN_CLIP_SD2,
    "conditioner.embedders.1.model.",
    "conditioner.embedders.0.model.",
)
_SIZE_WIDTH = 256
_HEAD_WIDTH = 64
_SD1_HEADS = 8
_DEFAULT_SIZES = {"xl": 128, "v_prediction": 96}
_USUAL_SIZE = 64


def prefix_of(shapes: Shapes, prefixes: tuple[str, ...]) -> str | None:
    """The first of the prefixes that a name has."""
    return next((each for each in prefixes if any(name.startswith(each) for name in shapes)), None)


def is_xl(shapes: Shapes) -> bool:
    """Whether the UNet also takes sizes and pooled texts."""
    return f"{UNET}label_emb.0.0.weight" in shapes


def in_channels(shapes: Shapes) -> int:
    """How many channels the UNet takes. Raises KeyError where there is none."""
    return shapes[f"{UNET}input_blocks.0.0.weight"][1]


def sample_size(shapes: Shapes, metadata: Mapping[str, str], prediction: str) -> int:
    """The size of the latents that the model was trained on."""
    width = metadata.get("modelspec.resolution", "").partition("x")[0]
    if width.isdecimal():
        return int(width) // 8
    return _DEFAULT_SIZES.get("xl" if is_xl(shapes) else prediction, _USUAL_SIZE)


def unet_config(shapes: Shapes, size: int) -> dict[str, Any]:
    """The UNet's, for latents of this size. Raises KeyError where a weight is not there."""
    levels = _levels(shapes)
    widths = [level["width"] for level in levels]
    depths = [level["depth"] for level in levels]
    middle = _depth(shapes, f"{UNET}middle_block.1.")
    texts = shapes[f"{UNET}middle_block.1.transformer_blocks.0.attn2.to_k.weight"]
    linear = len(shapes[f"{UNET}middle_block.1.proj_in.weight"]) == 2
    # diffusers takes the last level's depth for the middle, too.
    depths[-1] = depths[-1] or middle
    down = ["CrossAttnDownBlock2D" if level["depth"] else "DownBlock2D" for level in levels]
    config = {
        "_class_name": "UNet2DConditionModel",
        "sample_size": size,
        "in_channels": in_channels(shapes),
        "out_channels": shapes[f"{UNET}out.2.weight"][0],
        "block_out_channels": widths,
        "layers_per_block": levels[0]["layers"],
        "down_block_types": down,
        "up_block_types": [each.replace("Down", "Up") for each in reversed(down)],
        "cross_attention_dim": texts[1],
        "attention_head_dim": [w // _HEAD_WIDTH for w in widths] if linear else _SD1_HEADS,
        "use_linear_projection": linear,
        "transformer_layers_per_block": [depth or 1 for depth in depths],
    }
    if is_xl(shapes):
        config |= {
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": _SIZE_WIDTH,
            "projection_class_embeddings_input_dim": shapes[f"{UNET}label_emb.0.0.weight"][1],
        }
    return config


def vae_config(shapes: Shapes) -> dict[str, Any]:
    """The VAE's. Raises KeyError where a weight of every VAE is not there."""
    widths: list[int] = []
    while f"{VAE}encoder.down.{len(widths)}.block.0.conv2.weight" in shapes:
        widths.append(shapes[f"{VAE}encoder.down.{len(widths)}.block.0.conv2.weight"][0])
    return {
        "_class_name": "AutoencoderKL",
        "latent_channels": shapes[f"{VAE}decoder.conv_in.weight"][1],
        "block_out_channels": widths,
        "down_block_types": ["DownEncoderBlock2D"] * len(widths),
        "up_block_types": ["UpDecoderBlock2D"] * len(widths),
        "layers_per_block": _count(shapes, f"{VAE}encoder.down.0.block."),
        "scaling_factor": 0.13025 if is_xl(shapes) else 0.18215,
    }


def clip_config(shapes: Shapes, prefix: str) -> dict[str, Any]:
    """The one of a text encoder in the form of OpenAI's CLIP."""
    stem = f"{prefix}text_model."
    return _text_config(
        shapes[f"{stem}embeddings.token_embedding.weight"],
        length=shapes[f"{stem}embeddings.position_embedding.weight"][0],
        inner=shapes[f"{stem}encoder.layers.0.mlp.fc1.weight"][0],
        layers=_count(shapes, f"{stem}encoder.layers."),
        activation="quick_gelu",
    )


def open_clip_config(shapes: Shapes, prefix: str) -> dict[str, Any]:
    """The one of a text encoder in the form of OpenCLIP."""
    layers = _count(shapes, f"{prefix}transformer.resblocks.")
    # Stable Diffusion 2 takes the states before the last layer, which diffusers leaves out.
    without_last = prefix == OPEN_CLIP_SD2
    return _text_config(
        shapes[f"{prefix}token_embedding.weight"],
        length=shapes[f"{prefix}positional_embedding"][0],
        inner=shapes[f"{prefix}transformer.resblocks.0.mlp.c_fc.weight"][0],
        layers=layers - 1 if without_last else layers,
        activation="gelu",
    )


def _text_config(
    embedding: tuple[int, ...], *, length: int, inner: int, layers: int, activation: str
) -> dict[str, Any]:
    words, width = embedding
    return {
        "model_type": "clip_text_model",
        "vocab_size": words,
        "hidden_size": width,
        "projection_dim": width,
        "intermediate_size": inner,
        "num_hidden_layers": layers,
        "num_attention_heads": width // _HEAD_WIDTH,
        "max_position_embeddings": length,
        "hidden_act": activation,
        "bos_token_id": words - 2,
        "eos_token_id": words - 1,
        "pad_token_id": words - 1,
    }


def _levels(shapes: Shapes) -> list[dict[str, int]]:
    """Width, layers and depth of attention of each level of the UNet, from the largest map on."""
    levels = [{"width": 0, "layers": 0, "depth": 0}]
    number = 1
    while True:
        block = f"{UNET}input_blocks.{number}."
        if f"{block}0.op.weight" in shapes:
            levels.append({"width": 0, "layers": 0, "depth": 0})
        elif f"{block}0.out_layers.3.weight" in shapes:
            levels[-1]["width"] = shapes[f"{block}0.out_layers.3.weight"][0]
            levels[-1]["layers"] += 1
            levels[-1]["depth"] = _depth(shapes, f"{block}1.")
        else:
            return levels
        number += 1


def _depth(shapes: Shapes, attention: str) -> int:
    return _count(shapes, f"{attention}transformer_blocks.")


def _count(shapes: Shapes, stem: str) -> int:
    """How many numbers follow the stem."""
    return len({name[len(stem) :].split(".")[0] for name in shapes if name.startswith(stem)})
