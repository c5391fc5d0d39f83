"""Arrays on both sides of a network's edge: outside as declared, inside as it computes with them.

Only pictures differ by more than the type: arrays of pixels outside, planes (1, channels, height,
width) inside.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .pixel_layout import PixelLayout
from .tensor import TensorSpec


def inside(array: NDArray[np.generic], spec: TensorSpec) -> NDArray[np.generic]:
    """What a network computes with where it is given an array that fits the specification."""
    return _planes(array, spec.pixels) if spec.pixels else np.asarray(array)


def outside(array: NDArray[np.generic], spec: TensorSpec) -> NDArray[np.generic]:
    """What a network gives where it has computed an array; what float16 cannot hold becomes inf.

    It is a copy whose elements lie in order, the last axis together, however the array's do.
    Raises ValueError where a picture is declared and the array is none.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        declared = _pixels(_checked(array, spec), spec.pixels) if spec.pixels else array
        return declared.astype(spec.dtype, order="C")


def _planes(pixels: NDArray[Any], layout: PixelLayout) -> NDArray[np.float32]:
    values = pixels.astype(np.float32)
    if not layout.has_colours:
        return values[None, None]
    stacked = values.transpose(2, 0, 1)[None]
    return stacked[:, ::-1] if layout is PixelLayout.BGR else stacked


def _checked(planes: NDArray[Any], spec: TensorSpec) -> NDArray[Any]:
    channels = 3 if spec.pixels and spec.pixels.has_colours else 1
    if planes.ndim != 4 or planes.shape[:2] != (1, channels):
        raise ValueError(
            f"output {spec.name} has shape {planes.shape} where a picture of"
            f" (1, {channels}, height, width) is declared"
        )
    return planes


def _pixels(planes: NDArray[Any], layout: PixelLayout) -> NDArray[Any]:
    """Rounded, and limited to what a byte holds, but for float16."""
    if layout is PixelLayout.GRAYSCALE_FLOAT16:
        grey: NDArray[Any] = planes[0, 0]
        return grey
    whole: NDArray[np.uint8] = np.rint(planes[0]).clip(0, 255).astype(np.uint8)
    if layout is PixelLayout.BGR:
        whole = whole[::-1]
    return whole.transpose(1, 2, 0) if layout.has_colours else whole.squeeze(0)
