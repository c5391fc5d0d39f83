"""From denoised latents to a picture: the VAE decoder."""

import attrs
import numpy as np
from numpy.typing import NDArray

from ..errors import PredictionError
from ..pictures.pixels import to_bytes
from ..ports.networks import Network
from ..schedulers.prediction import Sample
from .latents import LatentScaling
from .network_call import call


@attrs.frozen(kw_only=True)
class PictureDecoding:
    """The VAE decoder, and how the UNet's numbers become its own."""

    network: Network = attrs.field(repr=False)
    latent_scaling: LatentScaling

    def decode(self, latents: Sample) -> NDArray[np.uint8]:
        """The picture of denoised latents, (height, width, 3) 8-bit red, green and blue.

        Raises PredictionError where the decoder's numbers overflowed.
        """
        image = call(self.network, z=self.latent_scaling.for_vae(latents))["image"]
        if not np.isfinite(image).all():
            problem = "its picture has values that are no numbers; convert it in float32 precision"
            raise PredictionError("VAE decoder", problem)
        return to_bytes(image)
