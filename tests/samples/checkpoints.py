"""Whole Stable Diffusion checkpoints with random weights, small enough to be made on the spot."""

from pathlib import Path
from typing import Any, TypeVar

import torch
from coreml_stable_diffusion.training.byte_pairs import learn_merges, write_vocabulary
from diffusers import (
    AutoencoderKL,
    EulerDiscreteScheduler,
    LCMScheduler,
    PNDMScheduler,
    StableDiffusionPipeline,
    StableDiffusionXLImg2ImgPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from torch import nn
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)

WIDTH = 32
SECOND_WIDTH = 64
LATENT_SIZE = 8
PICTURE_SIZE = 64
CLIP_SIZE = 32
SIZE_WIDTH = 8
GUIDANCE_WIDTH = 16

Network = TypeVar("Network", bound=nn.Module)


def write_checkpoint(folder: Path, **unet: Any) -> None:
    """Save a Stable Diffusion 1 pipeline of all components, as diffusers does.

    `unet` changes the UNet's configuration: `in_channels` 9 for inpainting and 8 for changing
    pictures by instructions.
    """
    torch.manual_seed(0)
    tokenizer = _tokenizer(folder / "tokenizer")
    pipeline = StableDiffusionPipeline(
        vae=randomised(build_vae()),
        text_encoder=randomised(build_text_encoder(len(tokenizer))),
        tokenizer=tokenizer,
        unet=randomised(build_unet(**unet)),
        scheduler=PNDMScheduler(skip_prk_steps=True, steps_offset=1),
        safety_checker=randomised(build_safety_checker()),
        feature_extractor=CLIPImageProcessor(
            size={"shortest_edge": CLIP_SIZE}, crop_size={"height": CLIP_SIZE, "width": CLIP_SIZE}
        ),
    )
    pipeline.save_pretrained(folder)


def write_distilled_checkpoint(folder: Path) -> None:
    """Save one that takes the guidance scale as an embedding, as latent consistency models do."""
    write_checkpoint(folder, time_cond_proj_dim=GUIDANCE_WIDTH)
    LCMScheduler(beta_schedule="scaled_linear").save_pretrained(folder / "scheduler")


def write_xl_checkpoint(folder: Path) -> None:
    """Save a Stable Diffusion XL pipeline of all components, as diffusers does."""
    torch.manual_seed(0)
    tokenizer = _tokenizer(folder / "tokenizer")
    pipeline = StableDiffusionXLPipeline(
        vae=randomised(build_vae()),
        text_encoder=randomised(build_text_encoder(len(tokenizer))),
        text_encoder_2=randomised(build_second_text_encoder(len(tokenizer))),
        tokenizer=tokenizer,
        tokenizer_2=_tokenizer(folder / "tokenizer_2", pad_token="!"),  # noqa: S106 - of text
        unet=randomised(build_xl_unet()),
        scheduler=EulerDiscreteScheduler(steps_offset=1),
    )
    pipeline.save_pretrained(folder)


def write_refiner(folder: Path) -> None:
    """Save a refiner of Stable Diffusion XL, as diffusers does."""
    torch.manual_seed(1)
    tokenizer = _tokenizer(folder / "tokenizer_2", pad_token="!")  # noqa: S106 - of text
    pipeline = StableDiffusionXLImg2ImgPipeline(
        vae=randomised(build_vae()),
        text_encoder=None,
        text_encoder_2=randomised(build_second_text_encoder(len(tokenizer))),
        tokenizer=None,
        tokenizer_2=tokenizer,
        unet=randomised(build_xl_unet(size_count=5, cross_attention_dim=SECOND_WIDTH)),
        scheduler=EulerDiscreteScheduler(steps_offset=1),
        requires_aesthetics_score=True,
    )
    pipeline.save_pretrained(folder)


def _tokenizer(folder: Path, **tokens: str) -> CLIPTokenizer:
    write_vocabulary(learn_merges(["a red circle"]), folder)
    tokenizer = CLIPTokenizer.from_pretrained(folder, **tokens)
    for file in folder.iterdir():
        file.unlink()
    return tokenizer


def build_text_encoder(vocabulary_size: int, **changed: Any) -> CLIPTextModel:
    return CLIPTextModel(_text_config(vocabulary_size, WIDTH, **changed))


def build_second_text_encoder(vocabulary_size: int, **changed: Any) -> CLIPTextModelWithProjection:
    return CLIPTextModelWithProjection(_text_config(vocabulary_size, SECOND_WIDTH, **changed))


def _text_config(vocabulary_size: int, width: int, **changed: Any) -> CLIPTextConfig:
    usual = {
        "vocab_size": vocabulary_size,
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "projection_dim": width,
        "bos_token_id": vocabulary_size - 2,
        "eos_token_id": vocabulary_size - 1,
        "pad_token_id": vocabulary_size - 1,
    }
    return CLIPTextConfig(**usual | changed)


def build_unet(**changed: Any) -> UNet2DConditionModel:
    usual = {
        "sample_size": LATENT_SIZE,
        "block_out_channels": (32, 64),
        "layers_per_block": 1,
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
        "cross_attention_dim": WIDTH,
        "attention_head_dim": 4,
    }
    return UNet2DConditionModel(**usual | changed)


def build_xl_unet(*, size_count: int = 6, **changed: Any) -> UNet2DConditionModel:
    """Build one without attention at full size, with two layers of it below, and linear edges."""
    usual = {
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
        "cross_attention_dim": WIDTH + SECOND_WIDTH,
        "attention_head_dim": (2, 4),
        "transformer_layers_per_block": (1, 2),
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": SIZE_WIDTH,
        "projection_class_embeddings_input_dim": SECOND_WIDTH + size_count * SIZE_WIDTH,
    }
    return build_unet(**usual | changed)


def build_vae() -> AutoencoderKL:
    return AutoencoderKL(
        block_out_channels=(32, 32, 32, 32),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1,
        latent_channels=4,
        sample_size=PICTURE_SIZE,
    )


def build_safety_checker() -> StableDiffusionSafetyChecker:
    vision = {
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "image_size": CLIP_SIZE,
        "patch_size": 8,
        "projection_dim": 16,
    }
    text = {"hidden_size": WIDTH, "num_hidden_layers": 1, "num_attention_heads": 1}
    config = CLIPConfig(vision_config=vision, text_config=text, projection_dim=16)
    checker = StableDiffusionSafetyChecker(config)
    nn.init.normal_(checker.concept_embeds)
    nn.init.normal_(checker.special_care_embeds)
    nn.init.constant_(checker.concept_embeds_weights, 0.2)
    nn.init.constant_(checker.special_care_embeds_weights, 0.2)
    return checker


def randomised(network: Network) -> Network:
    """Norms that do nothing are folded away, and the graph would not look like a real one."""
    for module in network.modules():
        if isinstance(module, (nn.GroupNorm, nn.LayerNorm)):
            nn.init.normal_(module.weight, mean=1.0, std=0.2)
            nn.init.normal_(module.bias, std=0.2)
    network.eval()
    return network
