"""A whole Stable Diffusion checkpoint with random weights, small enough to be made on the spot."""

from pathlib import Path

import torch
from coreml_stable_diffusion.training.byte_pairs import learn_merges, write_vocabulary
from diffusers import AutoencoderKL, PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from torch import nn
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
)

WIDTH = 32
LATENT_SIZE = 8
PICTURE_SIZE = 64
CLIP_SIZE = 32


def write_checkpoint(folder: Path) -> None:
    """Save a pipeline of all components, as diffusers does."""
    torch.manual_seed(0)
    write_vocabulary(learn_merges(["a red circle"]), folder / "tokenizer")
    tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
    for file in (folder / "tokenizer").iterdir():
        file.unlink()
    pipeline = StableDiffusionPipeline(
        vae=_randomised(build_vae()),
        text_encoder=_randomised(build_text_encoder(len(tokenizer))),
        tokenizer=tokenizer,
        unet=_randomised(build_unet()),
        scheduler=PNDMScheduler(skip_prk_steps=True, steps_offset=1),
        safety_checker=_randomised(build_safety_checker()),
        feature_extractor=CLIPImageProcessor(
            size={"shortest_edge": CLIP_SIZE}, crop_size={"height": CLIP_SIZE, "width": CLIP_SIZE}
        ),
    )
    pipeline.save_pretrained(folder)


def build_text_encoder(vocabulary_size: int) -> CLIPTextModel:
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=vocabulary_size,
            hidden_size=WIDTH,
            intermediate_size=2 * WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            projection_dim=WIDTH,
            bos_token_id=vocabulary_size - 2,
            eos_token_id=vocabulary_size - 1,
            pad_token_id=vocabulary_size - 1,
        )
    )


def build_unet() -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=LATENT_SIZE,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=4,
    )


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


def _randomised(network: nn.Module) -> nn.Module:
    """Norms that do nothing are folded away, and the graph would not look like a real one."""
    for module in network.modules():
        if isinstance(module, (nn.GroupNorm, nn.LayerNorm)):
            nn.init.normal_(module.weight, mean=1.0, std=0.2)
            nn.init.normal_(module.bias, std=0.2)
    return network.eval()
