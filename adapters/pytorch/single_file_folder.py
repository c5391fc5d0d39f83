"""The folder that diffusers would have saved of a checkpoint in a single file."""

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import torch
from diffusers.loaders.single_file_utils import (
    convert_ldm_clip_checkpoint,
    convert_ldm_unet_checkpoint,
    convert_ldm_vae_checkpoint,
    convert_open_clip_checkpoint,
)

from ...domain.recognition.data_sheets import EULER, PNDM
from ...domain.tokenizer.vocabulary import END_OF_TEXT, MERGES_FILE, TOKENS_FILE
from . import original_configs as configs
from .original_prediction import prediction_of
from .safetensors_writer import TensorToWrite, write_safetensors

# OpenCLIP pads with the token of id 0.
_OPEN_CLIP_PADDING = "!"
_TEXT_CLASSES = {"text_encoder": "CLIPTextModel", "text_encoder_2": "CLIPTextModelWithProjection"}


@attrs.frozen(kw_only=True)
class SingleFileWeights:
    """The tensors of the file, mapped and not read, and what its writer noted."""

    tensors: Mapping[str, torch.Tensor]
    metadata: Mapping[str, str]

    @property
    def shapes(self) -> configs.Shapes:
        """The tensors' shapes."""
        return {name: tuple(tensor.shape) for name, tensor in self.tensors.items()}


def write_single_file_folder(folder: Path, weights: SingleFileWeights, tokenizer: Path) -> None:
    """Write configurations, weights and tokenizers.

    Raises ValueError and KeyError where a network is not there.
    """
    folder.mkdir()
    shapes = weights.shapes
    prediction = prediction_of(weights.tensors, weights.metadata)
    size = configs.sample_size(shapes, weights.metadata, prediction.kind)
    unet = configs.unet_config(shapes, size)
    vae = configs.vae_config(shapes)
    tensors = dict(weights.tensors)
    _write(folder / "unet", unet, convert_ldm_unet_checkpoint(tensors, unet), "diffusion")
    _write(folder / "vae", vae, convert_ldm_vae_checkpoint(tensors, vae), "diffusion")
    encoders = _write_text_encoders(folder, tensors, shapes)
    _write_scheduler(folder, shapes, prediction.kind)
    for name, padding in encoders.items():
        _write_tokenizer(folder / name.replace("text_encoder", "tokenizer"), tokenizer, padding)
    guesses = {} if prediction.is_told else {configs.GUESS: prediction.kind}
    _write_index(folder, encoders, guesses, is_xl=configs.is_xl(shapes))


def _write_text_encoders(
    folder: Path, tensors: dict[str, torch.Tensor], shapes: configs.Shapes
) -> dict[str, str]:
    """Write those that there are, and tell what pads the texts of each."""
    encoders = {}
    if (prefix := configs.prefix_of(shapes, configs.CLIP_PREFIXES)) is not None:
        encoders["text_encoder"] = END_OF_TEXT
        converted = convert_ldm_clip_checkpoint(tensors, remove_prefix=prefix)
        _write(folder / "text_encoder", configs.clip_config(shapes, prefix), converted, "text")
    if (prefix := configs.prefix_of(shapes, configs.OPEN_CLIP_PREFIXES)) is not None:
        name = "text_encoder_2" if configs.is_xl(shapes) else "text_encoder"
        encoders[name] = _OPEN_CLIP_PADDING
        config = configs.open_clip_config(shapes, prefix)
        like = SimpleNamespace(config=SimpleNamespace(**config))
        converted = convert_open_clip_checkpoint(like, tensors, prefix=prefix)
        if not configs.is_xl(shapes):
            converted.pop("text_projection.weight", None)
        _write(folder / name, config, converted, "text")
    if not encoders:
        raise ValueError("it has no text encoder by the names of Stability AI's code")
    return encoders


def _write(
    folder: Path, config: Mapping[str, Any], tensors: Mapping[str, torch.Tensor], kind: str
) -> None:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    stem = "model" if kind == "text" else "diffusion_pytorch_model"
    write_safetensors(
        folder / f"{stem}.safetensors",
        {
            name: TensorToWrite(dtype=each.dtype, shape=tuple(each.shape), make=each.contiguous)
            for name, each in tensors.items()
            if each is not None
        },
    )


def _write_scheduler(folder: Path, shapes: configs.Shapes, prediction: str) -> None:
    config = {
        **(EULER if configs.is_xl(shapes) else PNDM),
        "prediction_type": prediction,
        **({"rescale_betas_zero_snr": True} if "ztsnr" in shapes else {}),
    }
    (folder / "scheduler").mkdir()
    text = json.dumps(config, indent=2)
    (folder / "scheduler" / "scheduler_config.json").write_text(text)


def _write_tokenizer(folder: Path, tokenizer: Path, padding: str) -> None:
    folder.mkdir()
    for name in (TOKENS_FILE, MERGES_FILE):
        shutil.copy(tokenizer / name, folder)
    (folder / "special_tokens_map.json").write_text(json.dumps({"pad_token": padding}))


def _write_index(
    folder: Path, encoders: Iterable[str], guesses: Mapping[str, str], *, is_xl: bool
) -> None:
    is_refiner = is_xl and "text_encoder" not in encoders
    of_refiner = {"requires_aesthetics_score": True, "force_zeros_for_empty_prompt": False}
    parts = {
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
        **{name: ["transformers", _TEXT_CLASSES[name]] for name in encoders},
        **(of_refiner if is_refiner else {}),
        **guesses,
    }
    (folder / "model_index.json").write_text(json.dumps(parts, indent=2))
