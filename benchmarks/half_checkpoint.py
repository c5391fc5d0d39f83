"""A checkpoint in float16 whose UNet has real sizes, written tensor after tensor.

All its other networks have configurations and no weights: nothing but the UNet is converted.
"""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from coreml_stable_diffusion.training.byte_pairs import learn_merges, write_vocabulary
from diffusers import UNet2DConditionModel
from numpy.typing import NDArray

_NAME = "diffusion_pytorch_model.fp16.safetensors"
_PARTS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "vae": ("diffusers", "AutoencoderKL", {"latent_channels": 4, "block_out_channels": [128] * 4}),
    "scheduler": ("diffusers", "PNDMScheduler", {"_class_name": "PNDMScheduler"}),
    "text_encoder": ("transformers", "CLIPTextModel", {"max_position_embeddings": 77}),
}
_SECOND_TEXTS = ("transformers", "CLIPTextModelWithProjection", {"max_position_embeddings": 77})

#: The UNet of Stable Diffusion 1.5: 860 million weights.
SD_1_5: Mapping[str, Any] = {"sample_size": 64, "cross_attention_dim": 768}
#: The UNet of Stable Diffusion XL: 2,567 million weights.
SD_XL: Mapping[str, Any] = {
    "sample_size": 128,
    "block_out_channels": (320, 640, 1280),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "transformer_layers_per_block": (1, 2, 10),
    "attention_head_dim": (5, 10, 20),
    "cross_attention_dim": 2048,
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
}


def write_half_checkpoint(folder: Path, unet: Mapping[str, Any]) -> None:
    """Write the checkpoint, with a UNet of this configuration and random weights."""
    parts = dict(_PARTS)
    if "addition_embed_type" in unet:
        parts["text_encoder_2"] = _SECOND_TEXTS
    for name, (_, _, config) in parts.items():
        (folder / name).mkdir(parents=True)
        file = "scheduler_config.json" if name == "scheduler" else "config.json"
        (folder / name / file).write_text(json.dumps(config))
    index = {name: (library, kind) for name, (library, kind, _) in parts.items()}
    index["unet"] = ("diffusers", "UNet2DConditionModel")
    (folder / "model_index.json").write_text(json.dumps(index))
    write_vocabulary(learn_merges(["a red circle"]), folder / "tokenizer")
    with torch.device("meta"):
        network = UNet2DConditionModel(**unet)
    network.save_config(folder / "unet")
    shapes = {name: tuple(each.shape) for name, each in network.state_dict().items()}
    _write_safetensors(folder / "unet" / _NAME, shapes)


def _write_safetensors(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> None:
    header = json.dumps(dict(_entries(shapes))).encode()
    rng = np.random.default_rng(0)
    with path.open("wb") as file:
        file.write(len(header).to_bytes(8, "little"))
        file.write(header)
        for name, shape in shapes.items():
            file.write(_random(rng, name, shape).tobytes())


def _entries(shapes: Mapping[str, tuple[int, ...]]) -> Iterator[tuple[str, dict[str, Any]]]:
    begin = 0
    for name, shape in shapes.items():
        end = begin + 2 * math.prod(shape)
        yield name, {"dtype": "F16", "shape": shape, "data_offsets": [begin, end]}
        begin = end


def _random(rng: np.random.Generator, name: str, shape: tuple[int, ...]) -> NDArray[np.float16]:
    """Normal, of the size that trained weights have; norms near 1, or they would be left out."""
    numbers = rng.standard_normal(shape, np.float32)
    if len(shape) == 1:
        return (numbers * 0.1 + (1 if "norm" in name and "weight" in name else 0)).astype(
            np.float16
        )
    return (numbers / math.sqrt(math.prod(shape[1:]))).astype(np.float16)
