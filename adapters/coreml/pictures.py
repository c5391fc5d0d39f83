"""Pictures at the edge of Core ML: coremltools takes and gives images of Pillow, not arrays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...domain.pixel_layout import PixelLayout
from ...domain.tensor import TensorSpec


def as_core_ml_takes(array: NDArray[np.generic], spec: TensorSpec) -> Any:
    """The image of an input's pixels; the array itself where the input takes no picture."""
    if spec.pixels is None:
        return array
    # Pillow has no floating-point pixels of 16 bits.
    held = array.astype(np.float32) if spec.pixels is PixelLayout.GRAYSCALE_FLOAT16 else array
    return Image.fromarray(held)


def as_core_ml_gives(result: Any, spec: TensorSpec) -> NDArray[np.generic]:
    """The array of an output, or of its image, whose colours come with opacity behind them."""
    has_opacity = spec.pixels is not None and spec.pixels.has_colours
    return np.asarray(result.convert("RGB") if has_opacity else result, spec.dtype)
