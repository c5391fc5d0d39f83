"""Classifier-free guidance: Ho and Salimans (2022), "Classifier-Free Diffusion Guidance"."""

from collections.abc import Sequence

import attrs
import numpy as np

from ..schedulers.prediction import Sample


@attrs.frozen(kw_only=True)
class Guidance:
    """How predictions under several texts become one.

    `scale` is how far to go from the negative prompt's through the prompt's, which makes colours
    too strong; `rescale` takes back as much of that, from 0 to 1. Where the UNet has the scale
    `embedded` it predicts what is guided at once. Models that change a picture by an instruction
    also go `picture_scale` far from no picture to the picture.
    """

    scale: float
    rescale: float = 0.0
    embedded: bool = False
    picture_scale: float | None = None

    @property
    def guides(self) -> bool:
        """Whether the scale has an effect, so that the negative prompt is needed at all.

        >>> Guidance(scale=7.5).guides, Guidance(scale=1.0).guides
        (True, False)
        """
        heeds_picture = self.picture_scale is None or self.picture_scale >= 1.0
        return self.scale > 1.0 and not self.embedded and heeds_picture

    @property
    def rows(self) -> int:
        """How many predictions are combined."""
        if not self.guides:
            return 1
        return 2 if self.picture_scale is None else 3

    def combined(self, predictions: Sequence[Sample]) -> Sample:
        """The prediction to step by, of one alone or of two, the negative prompt's first.

        Of three where pictures guide: neither picture nor prompt, the picture alone, both; Brooks
        et al. (2022), "InstructPix2Pix", equation 3.
        """
        if len(predictions) == 1:
            return predictions[0]
        *before, negative, positive = predictions
        guided = negative + self.scale * (positive - negative)
        for unguided in before:
            guided = (
                guided + (unguided - negative) + (self.picture_scale or 1) * (negative - unguided)
            )
        return self._rescaled(guided, positive) if self.rescale else guided

    def _rescaled(self, guided: Sample, positive: Sample) -> Sample:
        """Lin et al. (2023), "Common Diffusion Noise Schedules ... are Flawed", section 3.4."""
        ratio = positive.std() / guided.std()
        rescaled: Sample = guided * (self.rescale * ratio + (1 - self.rescale))
        return rescaled


def guidance_embedding(scale: float, width: int) -> Sample:
    """The guidance scale as a latent consistency model takes it, (1, width) float32.

    Sinusoids of 1000 times the scale less one, as in diffusers' LatentConsistencyModelPipeline.

    >>> guidance_embedding(1.0, 4)
    array([[0., 0., 1., 1.]], dtype=float32)
    """
    half = width // 2
    spacing = np.log(np.float32(10000)) / np.float32(half - 1)
    angles = np.float32((scale - 1) * 1000) * np.exp(np.arange(half, dtype=np.float32) * -spacing)
    parts = [np.sin(angles), np.cos(angles), np.zeros(width % 2)]
    embedding: Sample = np.concatenate(parts).astype(np.float32)
    return embedding[np.newaxis]
