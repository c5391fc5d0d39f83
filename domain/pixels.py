"""Pictures as networks see them (from -1 to 1, channels first) and as files keep them (8 bits)."""

import numpy as np
from numpy.typing import NDArray


def to_bytes(image: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Round a (1, 3, height, width) image from -1 to 1 to (height, width, 3) 8-bit pixels.

    Rounded, and clipped where it is out of range, as by diffusers' VaeImageProcessor.
    """
    unit = np.clip(image[0].astype(np.float32) / 2 + np.float32(0.5), 0, 1)
    return np.ascontiguousarray((unit.transpose(1, 2, 0) * 255).round().astype(np.uint8))


def from_bytes(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Spread (height, width, 3) 8-bit pixels to a (1, 3, height, width) image from -1 to 1."""
    return to_unit(pixels).transpose(2, 0, 1)[np.newaxis] * 2 - 1


def to_unit(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Spread 8-bit pixels to float32 from 0 to 1, in the same shape."""
    return pixels.astype(np.float32) / np.float32(255)
