"""What is known of a model beside its weights, from its configuration to `pipeline.json`."""

import enum
from collections.abc import Mapping
from typing import Any, Self

import attrs

from .errors import InvalidRequest
from .finite import require_finite
from .pictures.clip_image import ClipImagePreprocessing
from .tokenizer.vocabulary import END_OF_TEXT

#: A diffusers configuration file as it was read.
Config = Mapping[str, Any]
# What networks were converted for, whatever the checkpoint's configuration says.
_OF_PACKAGES = (
    "latent_channels",
    "latent_height",
    "latent_width",
    "text_length",
    "unet_channels",
    "vae_needs_float32",
    "guidance_embedding_width",
)


class ModelFamily(enum.Enum):
    """The families of Stable Diffusion, told apart by their configuration."""

    SD1 = "stable-diffusion-1"
    SD2 = "stable-diffusion-2"
    SDXL = "stable-diffusion-xl"
    SDXL_REFINER = "stable-diffusion-xl-refiner"

    @property
    def is_xl(self) -> bool:
        """Whether its UNet also takes pooled texts and sizes, and texts are penultimate states."""
        return self in (ModelFamily.SDXL, ModelFamily.SDXL_REFINER)

    @property
    def guidance_scale(self) -> float:
        """That of diffusers' pipelines, for models that recommend no other."""
        return 5.0 if self.is_xl else 7.5


@attrs.frozen(kw_only=True)
class Change:
    """What was done to the weights of a model: with which file, and how much of it.

    `kind` is "LoRA", "VAE" or "embedding", `digest` the SHA-256 of what it came from, `revision`
    the one that it has on the Hub.
    """

    kind: str
    name: str
    digest: str
    scale: float | None = None
    revision: str | None = None


def _finite(_facts: "ModelFacts", attribute: "attrs.Attribute[float]", value: float) -> None:
    require_finite(attribute.name.replace("_", " "), value)


def _divisor(facts: "ModelFacts", attribute: "attrs.Attribute[float]", value: float) -> None:
    _finite(facts, attribute, value)
    if value == 0:
        raise InvalidRequest(attribute.name.replace("_", " "), "latents cannot be divided by 0")


@attrs.frozen(kw_only=True)
class ModelFacts:
    """The facts of a model that converting and generating share; latent sizes in latent pixels.

    `model` is what the user named it by (a Hub id, a folder, "pocket") and `model_version` the name
    that goes into file names. A latent becomes what the VAE decodes by
    `latent / vae_scaling_factor + vae_shift_factor`, in float32 where the `vae_needs_float32`;
    prompts are filled up to `text_length` tokens with `padding_token`, for the second text encoder
    with `padding_token_2`; `safety_preprocessing` is there where a safety checker is;
    `guidance_scale` is the one to draw with where nobody asks for another.

    The UNet takes `unet_channels`: those of the latents; as many again and a mask for inpainting
    (9); or as many again of a picture to be changed by an instruction (8). Where
    `guidance_embedding_width` is given it takes the guidance scale as an embedding of this width,
    too, and is not called twice. In Stable Diffusion XL `requires_aesthetics_score` tells that the
    sizes end with a score in place of the target size, and `force_zeros_for_empty_prompt` that no
    negative prompt means zeros and not an encoded "". `changes` are what made its weights others
    than those of `model`. Raises InvalidRequest for factors and scales that are not finite, and for
    a scaling factor of 0.
    """

    model: str
    model_version: str
    revision: str | None
    licence: str | None = None
    family: ModelFamily
    scheduler: Config
    latent_channels: int
    latent_height: int
    latent_width: int
    vae_scale_factor: int
    vae_scaling_factor: float = attrs.field(validator=_divisor)
    vae_shift_factor: float = attrs.field(validator=_finite)
    text_length: int
    padding_token: str = END_OF_TEXT
    guidance_scale: float = attrs.field(
        default=attrs.Factory(lambda facts: facts.family.guidance_scale, takes_self=True),
        validator=_finite,
    )
    safety_preprocessing: ClipImagePreprocessing | None = None
    vae_needs_float32: bool = False
    padding_token_2: str | None = None
    unet_channels: int = 4
    guidance_embedding_width: int | None = None
    requires_aesthetics_score: bool = False
    force_zeros_for_empty_prompt: bool = False
    changes: tuple[Change, ...] = ()

    def revision_of(self, model: str) -> str | None:
        """The revision to open a model by this name at; of any other than this one, the usual."""
        return self.revision if model == self.model else None

    def for_packages(self, packages: Self) -> Self:
        """These facts of a checkpoint, with what its packages say of their own edges."""
        told = {name: getattr(packages, name) for name in _OF_PACKAGES}
        preprocessing = self.safety_preprocessing or packages.safety_preprocessing
        return attrs.evolve(self, safety_preprocessing=preprocessing, **told)
