"""Pictures made larger and smaller, over the last two axes where nothing else is said."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .arguments import Integers, meaning

_IS_NEAREST = {"LINEAR": False, "NEAREST_NEIGHBOR": True}


def upsample_nearest_neighbor(
    x: Tensor, scale_factor_height: float = 1.0, scale_factor_width: float = 1.0
) -> Tensor:
    """Repeat the nearest pixel."""
    return resize_nearest_neighbor(x, *_scaled_sizes(x, scale_factor_height, scale_factor_width))


def upsample_bilinear(
    x: Tensor,
    scale_factor_height: float = 1.0,
    scale_factor_width: float = 1.0,
    align_corners: bool = True,
    half_pixel_centers: bool | None = None,
) -> Tensor:
    """Blend the nearest pixels; where corners are not aligned, pixels are squares or points."""
    height, width = _scaled_sizes(x, scale_factor_height, scale_factor_width)
    if align_corners:
        return resize_bilinear(x, height, width, "STRICT_ALIGN_CORNERS")
    squares = half_pixel_centers is None or half_pixel_centers
    return resize_bilinear(x, height, width, "UNALIGN_CORNERS" if squares else "DEFAULT")


def resize_nearest_neighbor(x: Tensor, target_size_height: int, target_size_width: int) -> Tensor:
    """Take the nearest pixel."""
    sizes = target_size_height, target_size_width
    if x.ndim == 4 and all(map(_doubles, x.shape[2:], sizes)):
        return functional.interpolate(x, sizes)
    rows, columns = map(_nearest, x.shape[-2:], sizes)
    return x.index_select(-2, rows).index_select(-1, columns)


def resize_bilinear(
    x: Tensor,
    target_size_height: int = 1,
    target_size_width: int = 1,
    sampling_mode: str = "DEFAULT",
) -> Tensor:
    """Blend the nearest pixels at the points that the sampling mode lays."""
    x = blended(x, -2, _points(x.shape[-2], target_size_height, sampling_mode))
    return blended(x, -1, _points(x.shape[-1], target_size_width, sampling_mode))


def resize(
    x: Tensor,
    shape: Integers,
    resized_dims: int,
    *,
    interpolation_mode: str = "LINEAR",
    sampling_mode: str = "DEFAULT",
) -> Tensor:
    """Resize so many last axes to the last sizes of the shape; 0 leaves an axis as it is."""
    nearest = meaning("interpolation_mode", interpolation_mode, _IS_NEAREST)
    if nearest and sampling_mode != "DEFAULT":
        raise ValueError(f"sampling_mode {sampling_mode!r} is not known for the nearest neighbour")
    for axis in range(-resized_dims, 0):
        have, want = x.shape[axis], shape[axis] or x.shape[axis]
        if nearest:
            x = x.index_select(axis, _nearest(have, want))
        else:
            x = blended(x, axis, _points(have, want, sampling_mode))
    return x


def crop(x: Tensor, crop_height: tuple[int, ...], crop_width: tuple[int, ...]) -> Tensor:
    """Cut off pixels at the top and bottom, left and right."""
    top, bottom = crop_height
    left, right = crop_width
    return x[..., top : x.shape[-2] - bottom, left : x.shape[-1] - right]


def _scaled_sizes(x: Tensor, height_factor: float, width_factor: float) -> tuple[int, int]:
    """Factors are float32: five pixels times 1.4 are seven there, and 6.9999998 in 64 bits."""
    factors = np.array([height_factor, width_factor], np.float32)
    height, width = (np.array(x.shape[-2:], np.float32) * factors).tolist()
    return int(height), int(width)


def _doubles(size: int, target: int) -> bool:
    """Whether the factor is a power of two: PyTorch, which is faster, rounds most others."""
    return target % size == 0 and (target // size).bit_count() == 1


def _nearest(size: int, target: int) -> Tensor:
    return torch.arange(target) * size // target


def _points(size: int, target: int, mode: str) -> Tensor:
    """Where the target's pixels lie in the source, in source pixels."""
    steps = torch.arange(target, dtype=torch.float32)
    match mode:
        case "ALIGN_CORNERS" if target == 1:
            points = torch.tensor([(size - 1) / 2])
        case "STRICT_ALIGN_CORNERS" | "ALIGN_CORNERS":
            points = steps * ((size - 1) / max(1, target - 1))
        case "DEFAULT":
            points = steps * (size / target)
        case "OFFSET_CORNERS":
            points = (steps + 0.5) * (max(1, size - 1) / target)
        case "UNALIGN_CORNERS":
            points = (steps + 0.5) * (size / target) - 0.5
        case _:
            raise ValueError(f"sampling_mode {mode!r} is not known")
    return points.clamp(0, size - 1)


def blended(x: Tensor, axis: int, points: Tensor) -> Tensor:
    """The pixels on either side of each point, weighed by how near they are."""
    below = points.floor()
    weight = (points - below).reshape(-1, *(1,) * (-1 - axis))
    low = x.index_select(axis, below.long())
    high = x.index_select(axis, points.ceil().long())
    return torch.lerp(low, high, weight)


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function
    for function in (
        upsample_nearest_neighbor,
        upsample_bilinear,
        resize_nearest_neighbor,
        resize_bilinear,
        resize,
        crop,
    )
}
