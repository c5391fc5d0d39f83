"""A picture as latents: fitted to the VAE encoder's size and encoded, as diffusers does it."""

import attrs
import numpy as np
from numpy.typing import NDArray

from ..errors import PredictionError
from ..latents import LatentScaling
from ..pixels import from_bytes
from ..ports.images import ImageResizer
from ..ports.networks import Network
from ..posterior import Posterior
from ..resampling import Resampling
from .network_call import call, input_named


@attrs.frozen(kw_only=True)
class PictureEncoding:
    """The VAE encoder, and how its numbers become the UNet's."""

    network: Network = attrs.field(repr=False)
    latent_scaling: LatentScaling
    resizer: ImageResizer = attrs.field(repr=False)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels of the pictures that the network takes."""
        _, _, height, width = input_named(self.network, "x").shape
        return height, width

    def fitted(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A (rows, columns, 3) picture stretched or shrunk to `size`, whatever its shape.

        With Lanczos' kernel in 8 bits, as by diffusers' VaeImageProcessor.
        """
        if pixels.shape[:2] == self.size:
            return pixels
        return self.resizer.resize(pixels, *self.size, Resampling.LANCZOS)

    def encode(self, pixels: NDArray[np.uint8]) -> Posterior:
        """The distribution of the latents of a picture of any size.

        Raises PredictionError where the encoder's numbers overflowed.
        """
        moments = call(self.network, x=from_bytes(self.fitted(pixels)))["latent"]
        if not np.isfinite(moments).all():
            problem = "its latents have values that are no numbers; convert it in float32 precision"
            raise PredictionError("VAE encoder", problem)
        return Posterior.from_moments(moments, self.latent_scaling)
