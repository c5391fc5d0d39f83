"""A ControlNet as Apple's packages have it: a picture in, residuals for the control UNet out."""

from collections.abc import Sequence
from typing import final

import attrs
import torch
from diffusers import ControlNetModel
from torch import nn

from ...domain.checkpoint import Checkpoint
from ...domain.conversion.plan import ConversionPlan
from ...domain.tensor import TensorSpec
from .denoising_inputs import as_arguments, batch_size, denoising_inputs
from .recordable import Recordable
from .residuals import residuals


def controlnet(
    network: ControlNetModel, checkpoint: Checkpoint, plan: ConversionPlan
) -> Recordable:
    """The UNet's inputs and a picture to the residuals, each unscaled and of the UNet's shape."""
    batch, latent_size = batch_size(plan), plan.latent_size(checkpoint)
    factor = 2 ** (len(network.config.conditioning_embedding_out_channels) - 1)
    picture = TensorSpec(
        name="controlnet_cond",
        shape=(
            batch,
            network.config.conditioning_channels,
            *(factor * size for size in latent_size),
        ),
        dtype=plan.precision.value,
        description="The picture to be guided by: red, green and blue from 0 to 1",
    )
    denoising = denoising_inputs(network.config, checkpoint, plan)
    outputs = residuals(network.config, batch, latent_size, "float32")
    return Recordable(
        module=_ControlNet(network, denoising, outputs),
        inputs=(*denoising, picture),
        outputs=tuple(
            attrs.evolve(each, description="What the control UNet takes here, times its weight")
            for each in outputs
        ),
        summary="Guides Stable Diffusion by a picture; as in https://arxiv.org/abs/2302.05543",
    )


@final
class _ControlNet(nn.Module):
    def __init__(
        self,
        network: ControlNetModel,
        denoising: Sequence[TensorSpec],
        outputs: Sequence[TensorSpec],
    ) -> None:
        super().__init__()
        self.network = network
        self._denoising = denoising
        self._outputs = outputs

    def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
        *denoising, picture = tensors
        down, middle = self.network(
            **as_arguments(self._denoising, denoising),
            controlnet_cond=picture,
            return_dict=False,
        )
        if not self.network.config.global_pool_conditions:
            return (*down, middle)
        # They are (batch, channels, 1, 1), for the UNet to broadcast.
        return tuple(
            residual.expand(spec.shape)
            for residual, spec in zip((*down, middle), self._outputs, strict=True)
        )
