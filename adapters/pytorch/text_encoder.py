"""A text encoder as Apple's packages have it: tokens in, states and pooled state out."""

from typing import Any, final

import torch
from torch import nn
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from ...domain.checkpoint import Checkpoint
from ...domain.conversion.plan import ConversionPlan
from ...domain.pipelines.text_encoding import PENULTIMATE_OUTPUT
from ...domain.tensor import TensorSpec
from .recordable import Recordable

# Far enough down for a softmax to forget, and finite in float16, unlike PyTorch's own mask.
_MASKED = -1e4


def text_encoder(
    network: CLIPTextModel | CLIPTextModelWithProjection,
    checkpoint: Checkpoint,
    plan: ConversionPlan,
) -> Recordable:
    """Tokens (1, text length) to states (1, text length, width) and the pooled state (1, width).

    The states are the last layer's, normed; in Stable Diffusion XL those before the last layer.
    Those before the last layer, normed, are a third output where the plan offers clip skip.
    """
    length, config = checkpoint.facts.text_length, network.config
    penultimate = checkpoint.facts.family.is_xl
    offers_skip = plan.offer_clip_skip and not penultimate
    projects = isinstance(network, CLIPTextModelWithProjection)
    return Recordable(
        module=_TextEncoder(network, length, penultimate=penultimate, offers_skip=offers_skip),
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
                name="hidden_embeds" if penultimate else "last_hidden_state",
                shape=(1, length, config.hidden_size),
                dtype="float32",
                description="The state of every token; the UNet attends to these",
            ),
            TensorSpec(
                name="pooled_outputs",
                shape=(1, config.projection_dim if projects else config.hidden_size),
                dtype="float32",
                description="The state of the end token, which stands for the whole prompt",
            ),
            *((_before_the_last_layer(length, config.hidden_size),) if offers_skip else ()),
        ),
        summary="Encodes a prompt for Stable Diffusion's UNet",
    )


def _before_the_last_layer(length: int, width: int) -> TensorSpec:
    return TensorSpec(
        name=PENULTIMATE_OUTPUT,
        shape=(1, length, width),
        dtype="float32",
        description="The state of every token before the last layer, normed, for a clip skip of 1",
    )


@final
class _TextEncoder(nn.Module):
    network: Any

    def __init__(
        self, network: nn.Module, length: int, *, penultimate: bool, offers_skip: bool
    ) -> None:
        super().__init__()
        self.network = network
        self.penultimate = penultimate
        self.offers_skip = offers_skip
        later = torch.full((length, length), _MASKED).triu(diagonal=1)
        self.register_buffer("mask", later[None, None])

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, ...]:
        encoded: Any = self.network(
            input_ids.int(),
            attention_mask=self.mask,
            output_hidden_states=self.penultimate or self.offers_skip,
        )
        states = encoded.hidden_states[-2] if self.penultimate else encoded.last_hidden_state
        # What a projection makes of the end token's state takes its place.
        pooled = encoded.get("text_embeds", encoded.get("pooler_output"))
        if not self.offers_skip:
            return states, pooled
        return states, pooled, self.network.final_layer_norm(encoded.hidden_states[-2])
