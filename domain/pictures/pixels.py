"""Pictures as networks see them (from -1 to 1, channels first) and as files keep them (8 bits)."""

import numpy as np
from numpy.typing import NDArray


def to_bytes(image: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Round a (1, 3, height, width) image from -1 to 1 to (height, width, 3) 8-bit pixels.

    Rounded, and clipped where it is out of range, as by diffusers' VaeImageProcessor.
    """
    unit = np.clip(image[0].astype(np.float32) / 2 + np.float32(0.5), 0, 1)
    return np.ascontiguousarray((unit.transpose(1, 2, 0) * 255).round().astype(np.uint8))


def to_grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The brightness of (height, width, 3) 8-bit pixels, (height, width), as Pillow has it.

    >>> to_grey(np.array([[[255, 255, 255], [255, 0, 0]]], dtype=np.uint8))
    array([[255,  76]], dtype=uint8)
    """
    weighted = pixels.astype(np.uint32) @ np.array([19595, 38470, 7471], dtype=np.uint32)
    return ((weighted + 0x8000) >> 16).astype(np.uint8)


def from_bytes(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Spread (height, width, 3) 8-bit pixels to a (1, 3, height, width) image from -1 to 1."""
    return to_unit(pixels).transpose(2, 0, 1)[np.newaxis] * 2 - 1


def to_unit(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Spread 8-bit pixels to float32 from 0 to 1, in the same shape."""
    return pixels.astype(np.float32) / np.float32(255)
