"""Drawing only where a mask is white: the rest of a picture is laid into every step."""

import attrs
import numpy as np
from numpy.typing import NDArray

from ..pictures.source_picture import SourcePicture
from ..schedulers.prediction import Sample
from ..schedulers.scheduler import Scheduler
from .picture_encoding import Fitting


def latent_mask(changing: NDArray[np.bool_], factor: int) -> Sample:
    """A mask of pixels as one of latents, (1, 1, height, width) float32: 1 where they may change.

    Every latent takes its first pixel's, as torch's nearest interpolation does.
    """
    return changing[np.newaxis, np.newaxis, ::factor, ::factor].astype(np.float32)


def without_masked(image: Sample, changing: NDArray[np.bool_]) -> Sample:
    """An image from -1 to 1 with grey where it may change."""
    return image * ~changing


def pasted(
    pixels: NDArray[np.uint8], source: SourcePicture | None, fitting: Fitting
) -> NDArray[np.uint8]:
    """A picture with the source's own pixels where those are to be kept."""
    if source is None or source.mask is None or not source.keep_outside:
        return pixels
    changing = fitting.mask(source.mask)[:, :, np.newaxis]
    kept: NDArray[np.uint8] = np.where(changing, pixels, fitting.fitted(source.pixels))
    return kept


@attrs.frozen(kw_only=True, eq=False)
class Inlay:
    """The latents of a picture that stay where the mask is 0, under the noise of its start."""

    picture: Sample = attrs.field(repr=False)
    noise: Sample = attrs.field(repr=False)
    mask: Sample = attrs.field(repr=False)

    def laid_into(self, sample: Sample, scheduler: Scheduler, index: int) -> Sample:
        """A sample, and outside the mask the picture as noisy as the step of this index expects.

        After the last step without any noise.
        """
        kept = self.picture
        if index < len(scheduler.timesteps):
            kept = scheduler.noisy(kept, self.noise, index)
        return self.mask * sample + (1 - self.mask) * kept
