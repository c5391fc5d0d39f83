"""The inputs that UNets and ControlNets share, in Apple's order; which there are, configs tell."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ...domain.checkpoint import Checkpoint
from ...domain.conversion.plan import ConversionPlan
from ...domain.model_facts import ModelFacts
from ...domain.tensor import TensorSpec

_SIZE_AND_CROP = 4
_TARGET_SIZE = 2
_SCORE = 1


def batch_size(plan: ConversionPlan) -> int:
    """2, for prediction without and with the prompt, or 1."""
    return 1 if plan.unet_batch_one else 2


def denoising_inputs(
    config: Any, checkpoint: Checkpoint, plan: ConversionPlan
) -> tuple[TensorSpec, ...]:
    """Noisy latents, timesteps and texts, and what Stable Diffusion XL or a guided UNet adds."""
    batch, edge_type = batch_size(plan), plan.precision.value
    length = checkpoint.facts.text_length * plan.text_chunks
    specs = [
        TensorSpec(
            name="sample",
            shape=(batch, config.in_channels, *plan.latent_size(checkpoint)),
            dtype=edge_type,
            description="The noisy latents of this step, scaled as the scheduler wants"
            + _SAMPLE_ENDS.get(config.in_channels - checkpoint.facts.latent_channels, ""),
        ),
        TensorSpec(
            name="timestep",
            shape=(batch,),
            dtype=edge_type,
            description="The step's place in the noise schedule, once for each in the batch",
        ),
        TensorSpec(
            name="encoder_hidden_states",
            shape=(batch, config.cross_attention_dim, 1, length),
            dtype=edge_type,
            description=(
                "The text encoder's states, channels first; always"
                f" {length} tokens, longer prompts are cut"
            ),
        ),
    ]
    if config.addition_embed_type is not None:
        specs += _sizes_and_pooled_text(config, checkpoint.facts, batch, edge_type)
    if config.get("time_cond_proj_dim") is not None:
        specs.append(
            TensorSpec(
                name="timestep_cond",
                shape=(batch, config.time_cond_proj_dim),
                dtype=edge_type,
                description="The sinusoidal embedding of 1000 times the guidance scale less one",
            )
        )
    return tuple(specs)


def as_arguments(specs: Sequence[TensorSpec], tensors: Sequence[torch.Tensor]) -> dict[str, Any]:
    """The inputs as diffusers' networks take them, but for the texts; see `attention.py`."""
    named: Mapping[str, torch.Tensor] = dict(
        zip((each.name for each in specs), tensors, strict=True)
    )
    added = {name: named[name] for name in ("text_embeds", "time_ids") if name in named}
    return {
        "sample": named["sample"],
        "timestep": named["timestep"],
        "encoder_hidden_states": named["encoder_hidden_states"],
        "added_cond_kwargs": added or None,
        **{name: named[name] for name in ("timestep_cond",) if name in named},
    }


_SAMPLE_ENDS = {
    4: "; then the latents of the picture to change",
    5: "; then the mask, 1 where the picture is to change, and the masked picture's latents",
}


def _sizes_and_pooled_text(
    config: Any, facts: ModelFacts, batch: int, edge_type: str
) -> list[TensorSpec]:
    aesthetic = facts.requires_aesthetics_score
    count = _SIZE_AND_CROP + (_SCORE if aesthetic else _TARGET_SIZE)
    sizes_width = count * config.addition_time_embed_dim
    ending = "aesthetic score" if aesthetic else "height and width of the result"
    return [
        TensorSpec(
            name="time_ids",
            shape=(batch, count),
            dtype=edge_type,
            description=f"Original height and width, top and left of the crop, {ending}",
        ),
        TensorSpec(
            name="text_embeds",
            shape=(batch, config.projection_class_embeddings_input_dim - sizes_width),
            dtype=edge_type,
            description="The second text encoder's pooled state",
        ),
    ]
