"""ControlNets for the sample checkpoints, with random weights where trained ones are not zero."""

from pathlib import Path

import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from samples.checkpoints import build_unet, build_xl_unet, randomised
from torch import nn

# Eight times smaller than the picture, as in all that were published.
_PICTURE_WIDTHS = (8, 8, 16, 16)


def write_controlnet(folder: Path, seed: int = 2) -> None:
    """Save a ControlNet for `write_checkpoint`, as diffusers does."""
    build_controlnet(build_unet(), seed).save_pretrained(folder)


def write_xl_controlnet(folder: Path, seed: int = 2) -> None:
    """Save a ControlNet for `write_xl_checkpoint`, as diffusers does."""
    build_controlnet(build_xl_unet(), seed).save_pretrained(folder)


def build_controlnet(unet: UNet2DConditionModel, seed: int) -> ControlNetModel:
    """Build one of the UNet's form, whose residuals are not zero, as they are before training."""
    torch.manual_seed(seed)
    network = ControlNetModel.from_unet(
        unet, conditioning_embedding_out_channels=_PICTURE_WIDTHS, load_weights_from_unet=False
    )
    closed = [network.controlnet_cond_embedding.conv_out, network.controlnet_mid_block]
    for convolution in (*closed, *network.controlnet_down_blocks):
        nn.init.normal_(convolution.weight, std=0.1)
        nn.init.normal_(convolution.bias, std=0.1)
    opened: ControlNetModel = randomised(network)
    return opened
