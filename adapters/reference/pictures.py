"""Pictures at a network's edge: arrays of pixels outside, planes (1, channels, ...) inside."""

import torch
from torch import Tensor

from ...domain.pixel_layout import PixelLayout


def planes(pixels: Tensor, layout: PixelLayout) -> Tensor:
    """The planes that a network computes with, their values those of the pixels."""
    if not layout.has_colours:
        return pixels.float()[None, None]
    stacked = pixels.float().permute(2, 0, 1)[None]
    return stacked.flip(1) if layout is PixelLayout.BGR else stacked


def pixels(planes: Tensor, layout: PixelLayout) -> Tensor:
    """The pixels of planes: rounded, and limited to what a byte holds, but for float16."""
    if layout is PixelLayout.GRAYSCALE_FLOAT16:
        return planes[0, 0]
    whole = planes[0].round().clamp(0, 255).to(torch.uint8)
    if not layout.has_colours:
        return whole[0]
    return (whole.flip(0) if layout is PixelLayout.BGR else whole).permute(1, 2, 0)
