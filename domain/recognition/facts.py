"""The facts of a model from the edges of its networks and the data sheet of its family."""

from collections.abc import Mapping

from ..component import Component
from ..mil.program import ModelDescription
from ..model_facts import ModelFacts, ModelFamily
from ..pictures.clip_image import CLIP_COLOURS, ClipImagePreprocessing
from ..tensor import TensorSpec
from .data_sheets import data_sheet

_USUAL_SCALE_FACTOR = 8
_USUAL_TEXT_LENGTH = 77
_SD2_TEXT_WIDTH = 1024
_REFINER_SIZES = 5


def recognised_facts(name: str, edges: Mapping[Component, ModelDescription]) -> ModelFacts:
    """Tell as much as there is to know; what only a configuration says is taken as usual.

    `name` is what the model is called where no network says it. Raises ValueError where there is no
    UNet, or one that takes what no UNet takes.
    """
    unet = edges.get(Component.UNET) or edges.get(Component.CONTROL_UNET)
    if unet is None:
        raise ValueError("it has no UNet")
    inputs = {each.name: each for each in unet.inputs}
    for needed in ("sample", "encoder_hidden_states"):
        if len(inputs[needed].shape if needed in inputs else ()) != 4:
            raise ValueError(f"its UNet takes no {needed} of four axes")
    _, unet_channels, height, width = inputs["sample"].shape
    family = _family(inputs)
    sheet = data_sheet(family, (height, width))
    decoder = edges.get(Component.VAE_DECODER)
    version = unet.metadata.get("version") or name
    return ModelFacts(
        model=version,
        model_version=version,
        revision=None,
        licence=unet.metadata.get("license"),
        family=family,
        scheduler=sheet.scheduler,
        latent_channels=_latent_channels(unet, unet_channels),
        latent_height=height,
        latent_width=width,
        vae_scale_factor=_scale_factor(decoder),
        vae_scaling_factor=sheet.vae_scaling_factor,
        vae_shift_factor=0.0,
        vae_needs_float32=decoder is not None and decoder.inputs[0].dtype == "float32",
        text_length=inputs["encoder_hidden_states"].shape[-1] or _USUAL_TEXT_LENGTH,
        padding_token=sheet.padding_token,
        padding_token_2=sheet.padding_token_2,
        safety_preprocessing=_preprocessing(edges.get(Component.SAFETY_CHECKER)),
        unet_channels=unet_channels,
        guidance_embedding_width=_width(inputs.get("timestep_cond")),
        requires_aesthetics_score=family is ModelFamily.SDXL_REFINER,
        force_zeros_for_empty_prompt=sheet.force_zeros_for_empty_prompt,
    )


def _family(inputs: Mapping[str, TensorSpec]) -> ModelFamily:
    if sizes := inputs.get("time_ids"):
        is_refiner = sizes.shape[-1] == _REFINER_SIZES
        return ModelFamily.SDXL_REFINER if is_refiner else ModelFamily.SDXL
    is_second = inputs["encoder_hidden_states"].shape[1] == _SD2_TEXT_WIDTH
    return ModelFamily.SD2 if is_second else ModelFamily.SD1


def _latent_channels(unet: ModelDescription, unet_channels: int) -> int:
    """The UNet gives as many as the latents have, and may take more."""
    given = [each.shape[1] for each in unet.outputs if len(each.shape) == 4]
    return given[0] if given else min(4, unet_channels)


def _scale_factor(decoder: ModelDescription | None) -> int:
    """How many pixels a latent pixel is wide."""
    if decoder is None or len(decoder.inputs[0].shape) != 4 or len(decoder.outputs[0].shape) != 4:
        return _USUAL_SCALE_FACTOR
    return decoder.outputs[0].shape[-1] // decoder.inputs[0].shape[-1]


def _width(spec: TensorSpec | None) -> int | None:
    return None if spec is None else spec.shape[-1]


def _preprocessing(checker: ModelDescription | None) -> ClipImagePreprocessing | None:
    if checker is None:
        return None
    sizes = [each.shape[-1] for each in checker.inputs if each.name == "clip_input"]
    mean, deviation = CLIP_COLOURS
    return ClipImagePreprocessing(
        size=sizes[0] if sizes else 224, mean=mean, standard_deviation=deviation
    )
