"""Checkpoints of real architectures with random weights, made on the spot."""

import torch
from coreml_stable_diffusion.adapters.pocket.pocket_source import NAME, PocketSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from diffusers import AutoencoderKL, PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer


def stable_diffusion_1_5(seed: int) -> StableDiffusionPipeline:
    """Stable Diffusion 1.5 without its safety checker; the tokenizer is the pocket model's.

    Sizes as in the configuration files of the published checkpoint.
    """
    torch.manual_seed(seed)
    pipeline = StableDiffusionPipeline(
        vae=_vae(),
        text_encoder=_text_encoder(),
        tokenizer=CLIPTokenizer.from_pretrained(
            PocketSource(DiffusersFolder()).open(NAME).folder / "tokenizer"
        ),
        unet=UNet2DConditionModel(sample_size=64, cross_attention_dim=768),
        scheduler=PNDMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            skip_prk_steps=True,
            steps_offset=1,
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    for network in (pipeline.vae, pipeline.text_encoder, pipeline.unet):
        _randomise_norms(network)
    return pipeline


def _vae() -> AutoencoderKL:
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(128, 256, 512, 512),
        layers_per_block=2,
        latent_channels=4,
        sample_size=512,
    )


def _text_encoder() -> CLIPTextModel:
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=49408,
            hidden_size=768,
            intermediate_size=3072,
            num_hidden_layers=12,
            num_attention_heads=12,
            projection_dim=768,
        )
    )


def _randomise_norms(network: nn.Module) -> None:
    """A norm that does nothing is folded away, which no trained network's is."""
    for module in network.modules():
        if isinstance(module, nn.GroupNorm | nn.LayerNorm):
            nn.init.normal_(module.weight, mean=1.0, std=0.1)
            nn.init.normal_(module.bias, std=0.1)
