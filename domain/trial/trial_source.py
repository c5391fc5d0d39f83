"""A picture for models that cannot draw without one: ramps of colour, half of which may change."""

import numpy as np

from ..model_facts import ModelFacts
from ..pictures.source_picture import SourcePicture
from ..unet_kind import UnetKind


def trial_source(facts: ModelFacts) -> SourcePicture | None:
    """A picture of the model's size, with a mask where it fills in; None where it needs none."""
    kind = UnetKind.of(facts)
    if kind is UnetKind.PLAIN:
        return None
    height, width = (
        facts.vae_scale_factor * size for size in (facts.latent_height, facts.latent_width)
    )
    rows, columns = np.mgrid[0:height, 0:width]
    ramps = np.stack([255 * rows // height, 255 * columns // width, 255 - 255 * rows // height], -1)
    mask = np.where(columns < width // 2, 0, 255).astype(np.uint8)
    return SourcePicture(
        pixels=ramps.astype(np.uint8), mask=mask if kind is UnetKind.INPAINTING else None
    )
