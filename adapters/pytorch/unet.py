"""The UNet as Apple's packages have it: the texts as (batch, width, 1, length)."""

from collections.abc import Sequence
from typing import Any, final

import torch
from diffusers import UNet2DConditionModel
from torch import nn

from ...domain.checkpoint import Checkpoint
from ...domain.conversion.plan import ConversionPlan
from ...domain.tensor import TensorSpec
from .denoising_inputs import as_arguments, batch_size, denoising_inputs
from .recordable import Recordable
from .residuals import residuals


def unet(network: UNet2DConditionModel, checkpoint: Checkpoint, plan: ConversionPlan) -> Recordable:
    """Noisy latents, timesteps and texts to the predicted noise, (batch, channels, height, width).

    The batch is 2, for prediction without and with the prompt, or 1.
    """
    return _recordable(network, checkpoint, plan, control=())


def control_unet(
    network: UNet2DConditionModel, checkpoint: Checkpoint, plan: ConversionPlan
) -> Recordable:
    """The UNet that also takes what ControlNets add to it, zeros where they add nothing."""
    latent_size, edge_type = plan.latent_size(checkpoint), plan.precision.value
    control = residuals(network.config, batch_size(plan), latent_size, edge_type)
    return _recordable(network, checkpoint, plan, control=control)


def _recordable(
    network: UNet2DConditionModel,
    checkpoint: Checkpoint,
    plan: ConversionPlan,
    *,
    control: tuple[TensorSpec, ...],
) -> Recordable:
    denoising = denoising_inputs(network.config, checkpoint, plan)
    return Recordable(
        module=_UNet(network, denoising),
        inputs=(*denoising, *control),
        outputs=(
            TensorSpec(
                name="noise_pred",
                shape=(
                    batch_size(plan),
                    network.config.out_channels,
                    *plan.latent_size(checkpoint),
                ),
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
    def __init__(self, network: UNet2DConditionModel, denoising: Sequence[TensorSpec]) -> None:
        super().__init__()
        self.network = network
        self._denoising = denoising

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        control = tensors[len(self._denoising) :]
        prediction: torch.Tensor = self.network(
            **as_arguments(self._denoising, tensors[: len(self._denoising)]),
            **_as_control(control),
            return_dict=False,
        )[0]
        return prediction


def _as_control(control: Sequence[torch.Tensor]) -> dict[str, Any]:
    if not control:
        return {}
    *down, middle = control
    return {"down_block_additional_residuals": down, "mid_block_additional_residual": middle}
