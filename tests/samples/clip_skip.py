"""Diffusers 0.42's clip skip with transformers 5."""

from types import SimpleNamespace

from diffusers import StableDiffusionPipeline


def mend_clip_skip(pipeline: StableDiffusionPipeline) -> None:
    """Put the last norm where diffusers looks for it; transformers 5 has moved it a level up."""
    network = pipeline.text_encoder
    network.text_model = SimpleNamespace(final_layer_norm=network.final_layer_norm)
