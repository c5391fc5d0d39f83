"""Which form of Apple's contract a component's network takes."""

from collections.abc import Callable
from typing import Any

from torch import nn

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.conversion.plan import ConversionPlan
from .autoencoder import vae_decoder, vae_encoder
from .controlnet import controlnet
from .recordable import Recordable
from .safety_checker import safety_checker
from .text_encoder import text_encoder
from .unet import control_unet, unet

_FORMS: dict[Component, Callable[[Any, Checkpoint, ConversionPlan], Recordable]] = {
    Component.TEXT_ENCODER: text_encoder,
    Component.TEXT_ENCODER_2: text_encoder,
    Component.UNET: unet,
    Component.CONTROL_UNET: control_unet,
    Component.REFINER: unet,
    Component.VAE_DECODER: vae_decoder,
    Component.VAE_ENCODER: vae_encoder,
    Component.SAFETY_CHECKER: safety_checker,
    Component.CONTROLNET: controlnet,
}


def as_recordable(
    network: nn.Module, checkpoint: Checkpoint, component: Component, plan: ConversionPlan
) -> Recordable:
    """What diffusers or transformers loaded, with the inputs and outputs of Apple's package."""
    return _FORMS[component](network, checkpoint, plan)
