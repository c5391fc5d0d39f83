"""The UNet as Apple's packages have it: the texts as (batch, width, 1, length)."""

from typing import final

import torch
from diffusers import UNet2DConditionModel
from torch import nn

from ...domain.checkpoint import Checkpoint
from ...domain.conversion.plan import ConversionPlan
from ...domain.tensor import TensorSpec
from .recordable import Recordable


def unet(network: UNet2DConditionModel, checkpoint: Checkpoint, plan: ConversionPlan) -> Recordable:
    """Noisy latents, timesteps and texts to the predicted noise, (batch, channels, height, width).

    The batch is 2, for prediction without and with the prompt, or 1.
    """
    batch = 1 if plan.unet_batch_one else 2
    height, width = plan.latent_size(checkpoint)
    edge_type = plan.precision.value
    config = network.config
    return Recordable(
        module=_UNet(network),
        inputs=(
            TensorSpec(
                name="sample",
                shape=(batch, config.in_channels, height, width),
                dtype=edge_type,
                description="The noisy latents of this step, scaled as the scheduler wants",
            ),
            TensorSpec(
                name="timestep",
                shape=(batch,),
                dtype=edge_type,
                description="The step's place in the noise schedule, once for each in the batch",
            ),
            TensorSpec(
                name="encoder_hidden_states",
                shape=(batch, config.cross_attention_dim, 1, checkpoint.facts.text_length),
                dtype=edge_type,
                description=(
                    "The text encoder's states, channels first; always"
                    f" {checkpoint.facts.text_length} tokens, longer prompts are cut"
                ),
            ),
        ),
        outputs=(
            TensorSpec(
                name="noise_pred",
                shape=(batch, config.out_channels, height, width),
                dtype="float32",
                description="What the scheduler takes to go to the next step's latents",
            ),
        ),
        summary=(
            "Predicts the noise in latents from a prompt;"
            " latent diffusion as in https://arxiv.org/abs/2112.10752"
        ),
    )


@final
class _UNet(nn.Module):
    def __init__(self, network: UNet2DConditionModel) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, sample: torch.Tensor, timestep: torch.Tensor, encoder_hidden_states: torch.Tensor
    ) -> torch.Tensor:
        texts = encoder_hidden_states.squeeze(2).transpose(1, 2)
        prediction: torch.Tensor = self.network(sample, timestep, texts, return_dict=False)[0]
        return prediction
