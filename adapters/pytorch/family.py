"""Tells from its configuration what a checkpoint is, and refuses what cannot be converted yet."""

from ...domain.errors import UnsupportedCheckpoint
from ...domain.model_facts import ModelFamily
from .config_file import ConfigFile

_SD2_TEXT_WIDTH = 1024

_FOREIGN_PARTS = {
    "text_encoder_2": "it is of the Stable Diffusion XL family",
    "text_encoder_3": "it is of the Stable Diffusion 3 family",
    "transformer": "it denoises with a transformer",
    "controlnet": "it has a ControlNet",
    "prior": "it has a prior",
}
_CLASSES = {
    "text_encoder": ("CLIPTextModel",),
    "unet": ("UNet2DConditionModel",),
    "vae": ("AutoencoderKL",),
}
_FOREIGN_INPUTS = {
    "addition_embed_type": "sizes and pooled texts as in Stable Diffusion XL",
    "class_embed_type": "a class",
    "num_class_embeds": "a class, such as an upscaler's noise level",
    "encoder_hid_dim_type": "projected texts or pictures",
    "time_cond_proj_dim": "a guidance scale as in latent consistency models",
}


def family(pipeline: ConfigFile, unet: ConfigFile, vae: ConfigFile) -> ModelFamily:
    """The family by the width of the texts. Raises UnsupportedCheckpoint, with the reason."""
    for problem in (_foreign_part(pipeline), _foreign_input(unet), _other_channels(unet, vae)):
        if problem is not None:
            raise UnsupportedCheckpoint(
                pipeline.model, f"{problem}; Stable Diffusion 1 and 2 are supported"
            )
    width = unet.integer("cross_attention_dim")
    return ModelFamily.SD2 if width == _SD2_TEXT_WIDTH else ModelFamily.SD1


def _foreign_part(pipeline: ConfigFile) -> str | None:
    for name, problem in _FOREIGN_PARTS.items():
        if has_part(pipeline, name):
            return problem
    for name, known in _CLASSES.items():
        _, found = pipeline.require(name)
        if found not in known:
            return f"its {name} is a {found} where {known[0]} is needed"
    return None


def has_part(pipeline: ConfigFile, name: str) -> bool:
    """Whether model_index.json says that the pipeline has this part."""
    return any(pipeline.get(name, ()))


def _foreign_input(unet: ConfigFile) -> str | None:
    for key, problem in _FOREIGN_INPUTS.items():
        if unet.get(key) is not None:
            return f"its UNet also takes {problem} ({key})"
    return None


def _other_channels(unet: ConfigFile, vae: ConfigFile) -> str | None:
    taken, latent = unet.integer("in_channels"), vae.integer("latent_channels")
    if taken != latent:
        return f"its UNet takes {taken} channels where latents have {latent}, as for inpainting"
    return None
