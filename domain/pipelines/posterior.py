"""What a VAE encoder says of a picture's latents: Kingma and Welling (2013), section 2.4."""

from typing import Self

import attrs
import numpy as np

from ..schedulers.prediction import Sample
from .latents import LatentScaling

#: Log variances beyond are cut, as by diffusers' DiagonalGaussianDistribution.
_LOG_VARIANCES = (-30.0, 20.0)


@attrs.frozen(kw_only=True)
class Posterior:
    """Normally distributed latents of one picture, each (1, channels, height, width) float32.

    Scaled as the UNet knows them.
    """

    mean: Sample
    deviation: Sample

    @classmethod
    def from_moments(cls, moments: Sample, scaling: LatentScaling) -> Self:
        """Read the encoder's output, (1, 2 x channels, height, width): means, then log variances.

        >>> moments = np.array([3.0, 0.0]).reshape(1, 2, 1, 1)
        >>> Posterior.from_moments(moments, LatentScaling(factor=0.5)).deviation.item()
        0.5
        """
        mean, log_variance = np.split(moments.astype(np.float32), 2, axis=1)
        deviation: Sample = np.exp(np.clip(log_variance, *_LOG_VARIANCES) / 2)
        return cls(mean=scaling.for_unet(mean), deviation=scaling.factor * deviation)

    def sample(self, noise: Sample) -> Sample:
        """The latents that standard normal noise of their shape picks out."""
        return self.mean + self.deviation * noise
