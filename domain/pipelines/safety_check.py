"""The safety checker: does a picture show what should not be shown?"""

import attrs
import numpy as np
from numpy.typing import NDArray

from ..pictures.clip_image import ClipImagePreprocessing
from ..pictures.pixels import to_unit
from ..ports.images import ImageResizer
from ..ports.networks import Network
from .network_call import call, input_named


@attrs.frozen(kw_only=True)
class SafetyCheck:
    """Stable Diffusion's safety checker and how it wants to see pictures."""

    network: Network = attrs.field(repr=False)
    preprocessing: ClipImagePreprocessing
    resizer: ImageResizer = attrs.field(repr=False)

    def flags(self, pixels: NDArray[np.uint8]) -> bool:
        """Whether the (height, width, 3) 8-bit picture is one that should not be shown."""
        _, height, width, _ = input_named(self.network, "images").shape
        # It judges by `clip_input`; `images` is what it would black out, in the usual size only.
        shown = self.resizer.resize(pixels, height, width)
        outputs = call(
            self.network,
            clip_input=clip_input(pixels, self.preprocessing, self.resizer),
            images=to_unit(shown)[np.newaxis],
            adjustment=np.zeros(1),
        )
        return bool(outputs["has_nsfw_concepts"].any())


def clip_input(
    pixels: NDArray[np.uint8], preprocessing: ClipImagePreprocessing, resizer: ImageResizer
) -> NDArray[np.float32]:
    """A picture as CLIP's vision tower sees it, (1, 3, size, size) float32.

    Resized by its shortest edge, cropped to the middle square and standardised, as by transformers'
    CLIPImageProcessor.
    """
    size, (height, width) = preprocessing.size, pixels.shape[:2]
    shortest = min(height, width)
    resized = resizer.resize(pixels, size * height // shortest, size * width // shortest)
    top, left = (resized.shape[0] - size) // 2, (resized.shape[1] - size) // 2
    unit = to_unit(resized[top : top + size, left : left + size])
    mean = np.array(preprocessing.mean, dtype=np.float32)
    deviation = np.array(preprocessing.standard_deviation, dtype=np.float32)
    return ((unit - mean) / deviation).transpose(2, 0, 1)[np.newaxis]
