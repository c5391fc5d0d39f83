"""A diffusers checkpoint: what its configuration files say, without its weights."""

import enum
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from .clip_image import ClipImagePreprocessing
from .component import Component
from .errors import MissingComponent
from .tokenizer.vocabulary import END_OF_TEXT

#: A diffusers configuration file as it was read.
Config = Mapping[str, Any]
#: The guidance scale of diffusers' pipelines, for models that recommend no other.
USUAL_GUIDANCE_SCALE = 7.5


class ModelFamily(enum.Enum):
    """The families of Stable Diffusion, told apart by their configuration."""

    SD1 = "stable-diffusion-1"
    SD2 = "stable-diffusion-2"


@attrs.frozen(kw_only=True)
class Checkpoint:
    """A checkpoint in a local folder, in the layout of `DiffusionPipeline.save_pretrained`.

    `model` is what the user named it by (a Hub id, a folder, "pocket") and `model_version` the name
    that goes into file names; latent sizes are in latent pixels. `padding_token` fills prompts up
    to `text_length` tokens; `safety_preprocessing` is there where a safety checker is;
    `guidance_scale` is the one to draw with where nobody asks for another.
    """

    model: str
    model_version: str
    revision: str | None
    folder: Path
    family: ModelFamily
    components: tuple[Component, ...]
    scheduler: Config
    latent_channels: int
    latent_height: int
    latent_width: int
    vae_scale_factor: int
    vae_scaling_factor: float
    vae_shift_factor: float
    text_length: int
    padding_token: str = END_OF_TEXT
    guidance_scale: float = USUAL_GUIDANCE_SCALE
    safety_preprocessing: ClipImagePreprocessing | None = None
    licence: str | None = None

    def require(self, component: Component) -> None:
        """Raise MissingComponent where the checkpoint lacks the component."""
        if component not in self.components:
            labels = [each.value for each in self.components]
            raise MissingComponent(self.model, component.value, labels)
