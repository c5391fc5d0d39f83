"""The networks of Stable Diffusion 1.5 in their real size, with inputs, as diffusers has them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import torch
from full_size import unet_inputs
from numpy.typing import NDArray
from torch import Tensor, nn

_CHECKPOINT = "stable-diffusion-1-5"

Inputs = Mapping[str, NDArray[Any]]


@attrs.frozen(kw_only=True)
class FullSizeNetwork:
    """A network; `output` is the one of its package's that is compared."""

    title: str
    output: str
    inputs: Callable[[], Inputs]
    module: Callable[[Path], nn.Module]

    def examples(self) -> dict[str, Tensor]:
        """The inputs as the module takes them."""
        arrays = {name: torch.from_numpy(each) for name, each in self.inputs().items()}
        return {name: each.float() for name, each in arrays.items()}


class _UNet(nn.Module):
    def __init__(self, checkpoint: Path) -> None:
        from diffusers import UNet2DConditionModel

        super().__init__()
        # Widened after loading, which takes less memory than to let diffusers load float32.
        self.unet = UNet2DConditionModel.from_pretrained(checkpoint, subfolder="unet").float()

    def forward(self, sample: Tensor, timestep: Tensor, encoder_hidden_states: Tensor) -> Tensor:
        states = encoder_hidden_states.squeeze(2).transpose(1, 2)
        noise: Tensor = self.unet(sample, timestep, states, return_dict=False)[0]
        return noise


class _VaeDecoder(nn.Module):
    def __init__(self, checkpoint: Path) -> None:
        from diffusers import AutoencoderKL

        super().__init__()
        self.vae = AutoencoderKL.from_pretrained(checkpoint, subfolder="vae").float()

    def forward(self, z: Tensor) -> Tensor:
        image: Tensor = self.vae.decode(z, return_dict=False)[0]
        return image


class _TextEncoder(nn.Module):
    def __init__(self, checkpoint: Path) -> None:
        from transformers import CLIPTextModel

        super().__init__()
        self.encoder = CLIPTextModel.from_pretrained(checkpoint, subfolder="text_encoder").float()

    def forward(self, input_ids: Tensor) -> Tensor:
        states: Tensor = self.encoder(input_ids.long(), return_dict=False)[0]
        return states


def _latents() -> Inputs:
    return {"z": np.random.default_rng(0).standard_normal((1, 4, 64, 64)).astype(np.float16)}


def _tokens() -> Inputs:
    ids = np.random.default_rng(0).integers(0, 49406, (1, 77))
    return {"input_ids": ids.astype(np.float32)}


#: By the name of the component.
NETWORKS = {
    "unet": FullSizeNetwork(
        title="UNet, batch 2, 64 x 64 latents",
        output="noise_pred",
        inputs=unet_inputs,
        module=lambda work: _UNet(work / _CHECKPOINT),
    ),
    "vae_decoder": FullSizeNetwork(
        title="VAE decoder, 64 x 64 latents",
        output="image",
        inputs=_latents,
        module=lambda work: _VaeDecoder(work / _CHECKPOINT),
    ),
    "text_encoder": FullSizeNetwork(
        title="text encoder, 77 tokens",
        output="last_hidden_state",
        inputs=_tokens,
        module=lambda work: _TextEncoder(work / _CHECKPOINT),
    ),
}


def package(work: Path, network: str) -> Path:
    """Where `full_size.py` put the package of a network."""
    return work / "packages" / f"Stable_Diffusion_version_{_CHECKPOINT}_{network}.mlpackage"
