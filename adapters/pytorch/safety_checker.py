"""The safety checker as Apple's packages have it: all concepts at once, no loops, no rounding."""

from typing import final

import torch
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from torch import nn
from torch.nn import functional

from ...domain.checkpoint import Checkpoint
from ...domain.conversion.plan import ConversionPlan
from ...domain.tensor import TensorSpec
from .recordable import Recordable

# How much nearer all concepts come once a picture is near one that wants special care.
_SPECIAL_CARE_STEP = 0.01


def safety_checker(
    network: StableDiffusionSafetyChecker, checkpoint: Checkpoint, plan: ConversionPlan
) -> Recordable:
    """A picture twice, as CLIP sees it and as it is, to the picture or black, and its scores."""
    height, width = (
        checkpoint.facts.vae_scale_factor * size for size in plan.latent_size(checkpoint)
    )
    seen = network.config.vision_config.image_size
    return Recordable(
        module=_SafetyChecker(network),
        inputs=_inputs(seen, height, width, plan.precision.value),
        outputs=_outputs(height, width, concepts=len(network.concept_embeds)),
        summary="Blacks out pictures of what Stable Diffusion's licence forbids",
    )


def _inputs(seen: int, height: int, width: int, edge_type: str) -> tuple[TensorSpec, ...]:
    return (
        TensorSpec(
            name="clip_input",
            shape=(1, 3, seen, seen),
            dtype=edge_type,
            description="The picture as CLIP's preprocessing makes it",
        ),
        TensorSpec(
            name="images",
            shape=(1, height, width, 3),
            dtype=edge_type,
            description="The picture: red, green and blue from 0 to 1, channels last",
        ),
        TensorSpec(
            name="adjustment",
            shape=(1,),
            dtype=edge_type,
            description="Added to the scores that want special care: 0, or more to be stricter",
        ),
    )


def _outputs(height: int, width: int, concepts: int) -> tuple[TensorSpec, ...]:
    return (
        TensorSpec(
            name="filtered_images",
            shape=(1, height, width, 3),
            dtype="float32",
            description="The picture, or black where a concept was found",
        ),
        TensorSpec(
            name="has_nsfw_concepts",
            shape=(1, 1, 1, 1),
            dtype="float32",
            description="1 where a concept was found, otherwise 0",
        ),
        TensorSpec(
            name="concept_scores",
            shape=(1, concepts),
            dtype="float32",
            description="How far the picture is over each concept's threshold",
        ),
    )


@final
class _SafetyChecker(nn.Module):
    def __init__(self, network: StableDiffusionSafetyChecker) -> None:
        super().__init__()
        self.vision = network.vision_model
        self.projection = network.visual_projection
        self.special_thresholds = network.special_care_embeds_weights
        self.thresholds = network.concept_embeds_weights
        self.register_buffer("special", functional.normalize(network.special_care_embeds.detach()))
        self.register_buffer("concepts", functional.normalize(network.concept_embeds.detach()))

    def forward(
        self, clip_input: torch.Tensor, images: torch.Tensor, adjustment: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        embedded = self.projection(self.vision(clip_input).pooler_output)
        seen = embedded / embedded.norm(dim=1, keepdim=True)
        special_scores = seen @ self.special.T - self.special_thresholds + adjustment
        wants_care = (special_scores.amax(dim=1, keepdim=True) > 0).float()
        scores = seen @ self.concepts.T - self.thresholds + _SPECIAL_CARE_STEP * wants_care
        flagged = (scores.amax(dim=1) > 0).float().reshape(1, 1, 1, 1)
        return images * (1 - flagged), flagged, scores
