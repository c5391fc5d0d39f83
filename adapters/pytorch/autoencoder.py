"""The two halves of the VAE as Apple's packages have them, each with its 1 x 1 convolution."""

from typing import final

import torch
from diffusers import AutoencoderKL
from torch import nn

from ...domain.checkpoint import Checkpoint
from ...domain.conversion.plan import ConversionPlan
from ...domain.tensor import TensorSpec
from .recordable import Recordable


def vae_decoder(network: AutoencoderKL, checkpoint: Checkpoint, plan: ConversionPlan) -> Recordable:
    """Latents (1, channels, height, width) to a picture, 8 times as high and wide."""
    height, width = plan.latent_size(checkpoint)
    factor = checkpoint.facts.vae_scale_factor
    return Recordable(
        module=_Decoder(network),
        inputs=(
            TensorSpec(
                name="z",
                shape=(1, checkpoint.facts.latent_channels, height, width),
                dtype=plan.precision.value,
                description="The denoised latents, divided by the VAE's scaling factor",
            ),
        ),
        outputs=(
            TensorSpec(
                name="image",
                shape=(1, network.config.out_channels, factor * height, factor * width),
                dtype="float32",
                description="The picture: red, green and blue from -1 to 1",
            ),
        ),
        summary="Decodes Stable Diffusion's latents to a picture",
    )


def vae_encoder(network: AutoencoderKL, checkpoint: Checkpoint, plan: ConversionPlan) -> Recordable:
    """A picture to mean and log variance of its latents, (1, 2 x channels, height, width)."""
    height, width = plan.latent_size(checkpoint)
    factor = checkpoint.facts.vae_scale_factor
    return Recordable(
        module=_Encoder(network),
        inputs=(
            TensorSpec(
                name="x",
                shape=(1, network.config.in_channels, factor * height, factor * width),
                dtype=plan.precision.value,
                description="The picture: red, green and blue from -1 to 1",
            ),
        ),
        outputs=(
            TensorSpec(
                name="latent",
                shape=(1, 2 * checkpoint.facts.latent_channels, height, width),
                dtype="float32",
                description="Mean, then log variance, of the latents; neither sampled nor scaled",
            ),
        ),
        summary="Encodes a picture to the distribution of its latents",
    )


@final
class _Decoder(nn.Module):
    def __init__(self, network: AutoencoderKL) -> None:
        super().__init__()
        self.before = network.post_quant_conv or nn.Identity()
        self.decoder = network.decoder

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        image: torch.Tensor = self.decoder(self.before(z))
        return image


@final
class _Encoder(nn.Module):
    def __init__(self, network: AutoencoderKL) -> None:
        super().__init__()
        self.encoder = network.encoder
        self.after = network.quant_conv or nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        moments: torch.Tensor = self.after(self.encoder(x))
        return moments
