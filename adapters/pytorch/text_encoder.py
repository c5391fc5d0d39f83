"""The text encoder as Apple's packages have it: tokens in, states and pooled state out."""

from typing import final

import torch
from torch import nn
from transformers import CLIPTextModel

from ...domain.checkpoint import Checkpoint
from ...domain.conversion.plan import ConversionPlan
from ...domain.tensor import TensorSpec
from .recordable import Recordable

# Far enough down for a softmax to forget, and finite in float16, unlike PyTorch's own mask.
_MASKED = -1e4


def text_encoder(
    network: CLIPTextModel, checkpoint: Checkpoint, _plan: ConversionPlan
) -> Recordable:
    """Tokens (1, text length) to states (1, text length, width) and the pooled state (1, width)."""
    length, width = checkpoint.facts.text_length, network.config.hidden_size
    return Recordable(
        module=_TextEncoder(network, length),
        inputs=(
            TensorSpec(
                name="input_ids",
                shape=(1, length),
                dtype="float32",
                description="The prompt's tokens: start, text, end, and padding up to the length",
            ),
        ),
        outputs=(
            TensorSpec(
                name="last_hidden_state",
                shape=(1, length, width),
                dtype="float32",
                description="The state of every token; the UNet attends to these",
            ),
            TensorSpec(
                name="pooled_outputs",
                shape=(1, width),
                dtype="float32",
                description="The state of the end token, which stands for the whole prompt",
            ),
        ),
        summary="Encodes a prompt for Stable Diffusion's UNet",
    )


@final
class _TextEncoder(nn.Module):
    def __init__(self, network: CLIPTextModel, length: int) -> None:
        super().__init__()
        self.network = network
        later = torch.full((length, length), _MASKED).triu(diagonal=1)
        self.register_buffer("mask", later[None, None])

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        encoded = self.network(input_ids.int(), attention_mask=self.mask)
        return encoded.last_hidden_state, encoded.pooler_output
