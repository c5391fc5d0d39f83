"""Loads one network through diffusers or transformers, whole and from safetensors only."""

from typing import Any

import torch
from diffusers import AutoencoderKL, ControlNetModel, UNet2DConditionModel
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from safetensors import SafetensorError
from torch import nn
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.errors import NotACheckpoint, first_line
from .weight_files import find_weight_files

NETWORK_CLASSES: dict[Component, Any] = {
    Component.TEXT_ENCODER: CLIPTextModel,
    Component.TEXT_ENCODER_2: CLIPTextModelWithProjection,
    Component.UNET: UNet2DConditionModel,
    Component.CONTROL_UNET: UNet2DConditionModel,
    Component.REFINER: UNet2DConditionModel,
    Component.VAE_DECODER: AutoencoderKL,
    Component.VAE_ENCODER: AutoencoderKL,
    Component.SAFETY_CHECKER: StableDiffusionSafetyChecker,
    Component.CONTROLNET: ControlNetModel,
}


def load_network(checkpoint: Checkpoint, component: Component) -> nn.Module:
    """Load the component in float32, ready to predict.

    Raises MissingComponent, and NotACheckpoint where a file is broken or weights are not there.
    """
    weights = find_weight_files(checkpoint, component)
    try:
        network, report = NETWORK_CLASSES[component].from_pretrained(
            weights.folder,
            variant=weights.variant,
            torch_dtype=torch.float32,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
        )
    except (OSError, RuntimeError, ValueError, TypeError, KeyError, SafetensorError) as error:
        problem = f"{weights.folder.name} cannot be loaded: {first_line(error)}"
        raise NotACheckpoint(checkpoint.model, problem) from error
    # Both libraries only warn of these, and fill in random weights.
    if missing := sorted(report["missing_keys"]):
        problem = f"{weights.folder.name} lacks {len(missing)} weights, among them {missing[0]}"
        raise NotACheckpoint(checkpoint.model, problem)
    loaded: nn.Module = network.eval().requires_grad_(requires_grad=False)
    return loaded
