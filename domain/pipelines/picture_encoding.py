"""A picture as latents: fitted to the size that is drawn and encoded, as diffusers does it."""

import attrs
import numpy as np
from numpy.typing import NDArray

from ..errors import PredictionError
from ..pictures.pixels import from_bytes
from ..pictures.resampling import Resampling
from ..ports.images import ImageResizer
from ..ports.networks import Network
from ..schedulers.prediction import Sample
from .latents import LatentScaling
from .network_call import call
from .posterior import Posterior


@attrs.frozen(kw_only=True)
class PictureEncoding:
    """The VAE encoder, and how its numbers become the UNet's."""

    network: Network = attrs.field(repr=False)
    latent_scaling: LatentScaling

    def encode(self, image: Sample) -> Posterior:
        """The distribution of the latents of an image from -1 to 1, (1, 3, height, width).

        Raises PredictionError where the encoder's numbers overflowed, or takes no such size.
        """
        moments = call(self.network, x=image)["latent"]
        if not np.isfinite(moments).all():
            problem = "its latents have values that are no numbers; convert it in float32 precision"
            raise PredictionError("VAE encoder", problem)
        return Posterior.from_moments(moments, self.latent_scaling)


@attrs.frozen(kw_only=True)
class Fitting:
    """Pictures stretched or shrunk to a height and width in pixels, whatever their own shape.

    With Lanczos' kernel in 8 bits, as by diffusers' VaeImageProcessor.
    """

    size: tuple[int, int]
    resizer: ImageResizer = attrs.field(repr=False)

    def fitted(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A (rows, columns, 3) picture in this size."""
        if pixels.shape[:2] == self.size:
            return pixels
        return self.resizer.resize(pixels, *self.size, Resampling.LANCZOS)

    def image(self, pixels: NDArray[np.uint8]) -> Sample:
        """A (rows, columns, 3) picture in this size as networks see it, from -1 to 1."""
        return from_bytes(self.fitted(pixels))

    def mask(self, mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """A (rows, columns) mask in this size; whatever is at least half white may change."""
        grey = self.fitted(np.repeat(mask[:, :, np.newaxis], 3, axis=2))[:, :, 0]
        changing: NDArray[np.bool_] = grey >= 128
        return changing
