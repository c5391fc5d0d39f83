"""Tells from its configuration what a checkpoint is, and refuses what cannot be converted."""

from ...domain.errors import UnsupportedCheckpoint
from ...domain.model_facts import ModelFamily
from .config_file import ConfigFile

_SUPPORTED = "Stable Diffusion 1, 2 and XL are supported"
_SD2_TEXT_WIDTH = 1024
_XL_ADDITION = "text_time"

_FOREIGN_PARTS = {
    "text_encoder_3": "it is of the Stable Diffusion 3 family",
    "transformer": "it denoises with a transformer",
    "prior": "it has a prior",
}
_CLASSES = {
    "text_encoder": "CLIPTextModel",
    "text_encoder_2": "CLIPTextModelWithProjection",
    "unet": "UNet2DConditionModel",
    "vae": "AutoencoderKL",
}
_FOREIGN_INPUTS = {
    "class_embed_type": "a class",
    "num_class_embeds": "a class, such as an upscaler's noise level",
    "encoder_hid_dim_type": "projected texts or pictures",
}


def family(pipeline: ConfigFile, unet: ConfigFile, vae: ConfigFile) -> ModelFamily:
    """The family by what its UNet takes. Raises UnsupportedCheckpoint, with the reason."""
    problems = (
        _foreign_part(pipeline),
        _foreign_input(unet),
        _foreign_addition(pipeline, unet),
        _other_channels(unet, vae),
        _scaled_channels(vae),
    )
    for problem in problems:
        if problem is not None:
            raise UnsupportedCheckpoint(pipeline.model, f"{problem}; {_SUPPORTED}")
    if unet.get("addition_embed_type") is not None:
        has_both = has_part(pipeline, "text_encoder")
        return ModelFamily.SDXL if has_both else ModelFamily.SDXL_REFINER
    width = unet.integer("cross_attention_dim")
    return ModelFamily.SD2 if width == _SD2_TEXT_WIDTH else ModelFamily.SD1


def has_part(pipeline: ConfigFile, name: str) -> bool:
    """Whether model_index.json says that the pipeline has this part."""
    return any(pipeline.get(name, ()))


def foreign_input(network: ConfigFile) -> str | None:
    """Say what the network takes that nobody here knows how to give; None where it takes nothing.

    Texts and sizes as in Stable Diffusion XL are known.
    """
    addition = network.get("addition_embed_type")
    if addition not in (None, _XL_ADDITION):
        return f"also takes {addition} (addition_embed_type)"
    for key, problem in _FOREIGN_INPUTS.items():
        if network.get(key) is not None:
            return f"also takes {problem} ({key})"
    return None


def _foreign_part(pipeline: ConfigFile) -> str | None:
    for name, problem in _FOREIGN_PARTS.items():
        if has_part(pipeline, name):
            return problem
    for name, known in _CLASSES.items():
        if name in ("unet", "vae") or has_part(pipeline, name):
            _, found = pipeline.require(name)
            if found != known:
                return f"its {name} is a {found} where {known} is needed"
    return None


def _foreign_input(unet: ConfigFile) -> str | None:
    problem = foreign_input(unet)
    return problem and f"its UNet {problem}"


def _foreign_addition(pipeline: ConfigFile, unet: ConfigFile) -> str | None:
    needed = "text_encoder" if unet.get("addition_embed_type") is None else "text_encoder_2"
    if has_part(pipeline, needed):
        return None
    return f"its UNet needs a {needed}, which it lacks"


def _other_channels(unet: ConfigFile, vae: ConfigFile) -> str | None:
    taken, latent = unet.integer("in_channels"), vae.integer("latent_channels")
    if taken in (latent, 2 * latent, 2 * latent + 1):
        return None
    return f"its UNet takes {taken} channels, with latents of {latent} for a use that is not known"


def _scaled_channels(vae: ConfigFile) -> str | None:
    if vae.get("latents_mean") is None and vae.get("latents_std") is None:
        return None
    return "its VAE scales each channel of the latents by its own measure (latents_std)"
