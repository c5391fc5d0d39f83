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
_SHARED_CONFIGS: Mapping[str, Any] = {
    "vae": {"latent_channels": 4, "block_out_channels": [128, 256, 512, 512]},
    "text_encoder": {"max_position_embeddings": 77},
    "scheduler": {"_class_name": "PNDMScheduler"},
}
_SHARED_PARTS = {
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "scheduler": ["diffusers", "PNDMScheduler"],
}
#: The UNet of Stable Diffusion 1.5: 860 million weights.
SD_1_5: Mapping[str, Any] = {"sample_size": 64, "cross_attention_dim": 768}


def write_half_checkpoint(folder: Path, unet: Mapping[str, Any]) -> None:
    """Write the checkpoint, with a UNet of this configuration and random weights."""
    folder.mkdir(parents=True)
    parts = {"_class_name": "StableDiffusionPipeline", **_SHARED_PARTS}
    (folder / "model_index.json").write_text(json.dumps(parts))
    for name, config in _SHARED_CONFIGS.items():
        (folder / name).mkdir()
        file = "scheduler_config.json" if name == "scheduler" else "config.json"
        (folder / name / file).write_text(json.dumps(config))
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
