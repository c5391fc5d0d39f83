"""A picture that a new one is made from, as the kinds of UNets take it."""

import attrs
import numpy as np

from ..pictures.source_picture import SourcePicture
from ..schedulers.prediction import Sample
from ..schedulers.scheduler import Scheduler
from ..unet_kind import UnetKind
from .inpainting import Inlay, latent_mask, without_masked
from .latents import Draws, Start
from .picture_encoding import Fitting, PictureEncoding
from .posterior import Posterior


@attrs.frozen(kw_only=True, eq=False)
class EncodedSource:
    """What of a source picture is needed, and None where it is not.

    `beginning` are the latents that the drawing begins with under noise, and that stay outside the
    latents' `mask` while the UNet is PLAIN; `masked` those of the picture without what the mask
    covers; `shown` those that an INSTRUCTED UNet sees, as the VAE scales them.
    """

    kind: UnetKind
    begins_with_noise: bool = False
    beginning: Posterior | None = None
    masked: Posterior | None = None
    mask: Sample | None = None
    shown: Sample | None = None

    def first_sample(self, scheduler: Scheduler, first: int, start: Start) -> Sample:
        """The picture under as much noise as the step number `first` expects, or noise alone."""
        if self.beginning is None or start.source_noise is None or self.begins_with_noise:
            return scheduler.initial_noise_scale * start.noise
        return scheduler.noisy(self.beginning.sample(start.source_noise), start.noise, first)

    def channels(self, start: Start, rows: int) -> Sample | None:
        """What follows the sample's own channels, a row for each prediction."""
        if self.kind is UnetKind.INPAINTING and self.masked is not None and self.mask is not None:
            masked = self.masked.sample(_given(start.masked_noise))
            known: Sample = np.concatenate([self.mask, masked], axis=1)
            return np.repeat(known, rows, axis=0)
        if self.shown is None:
            return None
        without = [np.zeros_like(self.shown)] if rows > 1 else []
        shown: Sample = np.concatenate([*without, *[self.shown] * (rows - len(without))])
        return shown

    def inlay(self, start: Start) -> Inlay | None:
        """What is laid into every sample of a UNet that knows nothing of masks."""
        if self.kind is not UnetKind.PLAIN or self.mask is None or self.beginning is None:
            return None
        picture = self.beginning.sample(_given(start.source_noise))
        return Inlay(picture=picture, noise=start.noise, mask=self.mask)


def draws(kind: UnetKind, source: SourcePicture | None) -> Draws:
    """What pictures that are made from such a source draw beside their noise."""
    if source is None or kind is UnetKind.INSTRUCTED:
        return Draws()
    whole = kind is UnetKind.PLAIN or source.settled_strength < 1
    return Draws(source=whole, masked=source.mask is not None)


def encode_source(
    kind: UnetKind,
    source: SourcePicture,
    fitting: Fitting,
    encoding: PictureEncoding,
) -> EncodedSource:
    """Encode what this kind of UNet needs of a source."""
    image, needed = fitting.image(source.pixels), draws(kind, source)
    if kind is UnetKind.INSTRUCTED:
        return EncodedSource(
            kind=kind, shown=encoding.latent_scaling.for_vae(encoding.encode(image).mean)
        )
    beginning = encoding.encode(image) if needed.source else None
    if source.mask is None:
        return EncodedSource(kind=kind, beginning=beginning)
    changing = fitting.mask(source.mask)
    covered = encoding.encode(without_masked(image, changing))
    factor = fitting.size[0] // covered.mean.shape[2]
    return EncodedSource(
        kind=kind,
        begins_with_noise=source.settled_strength == 1,
        beginning=beginning,
        masked=covered if kind is UnetKind.INPAINTING else None,
        mask=latent_mask(changing, factor),
    )


def _given(noise: Sample | None) -> Sample:
    if noise is None:
        raise ValueError("the start was made for another kind of source; see draws()")
    return noise
