"""What a UNet takes beside noisy latents: nothing, a masked picture or a picture to change."""

import enum

from .errors import InvalidRequest
from .model_facts import ModelFacts
from .pictures.source_picture import SourcePicture


class UnetKind(enum.Enum):
    """The kinds of UNets, told apart by the channels of their sample."""

    PLAIN = "draws from noise, or from a picture under noise"
    INPAINTING = "fills in what is masked of a picture"
    INSTRUCTED = "changes a picture as the prompt tells"

    @classmethod
    def of(cls, facts: ModelFacts) -> "UnetKind":
        """The kind of a model's UNet."""
        match facts.unet_channels - facts.latent_channels:
            case 0:
                return cls.PLAIN
            case more if more == facts.latent_channels:
                return cls.INSTRUCTED
            case _:
                return cls.INPAINTING

    def require(self, source: SourcePicture | None) -> None:
        """Raise InvalidRequest where this kind cannot draw with such a source."""
        if self is UnetKind.INPAINTING and (source is None or source.mask is None):
            problem = "this model fills in what is masked of a picture; give an image and a mask"
            raise InvalidRequest("--mask", problem)
        if self is not UnetKind.INSTRUCTED:
            return
        if source is None:
            problem = "this model changes a picture as the prompt tells; give an image"
            raise InvalidRequest("--image", problem)
        if source.mask is not None:
            problem = "this model changes whole pictures; leave the mask out"
            raise InvalidRequest("--mask", problem)
        if source.strength is not None:
            problem = "this model changes as much as the prompt tells; leave it out"
            raise InvalidRequest("--strength", problem)
