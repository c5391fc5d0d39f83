"""Pictures seen at points that need not be pixels."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from .arguments import meaning

_SAMPLING = {"bilinear": "bilinear", "nearest": "nearest"}
_PADDING = {
    "constant": "zeros",
    "border": "border",
    "reflection": "reflection",
    "symmetric": "reflection",
}


def resample(
    x: Tensor,
    coordinates: Tensor,
    *,
    sampling_mode: str,
    padding_mode: str,
    padding_value: float,
    coordinates_mode: str,
    align_corners: bool,
) -> Tensor:
    """See (batch, channels, ...) at coordinates (batch, height, width, 2) of column and row."""
    size = torch.tensor([x.shape[-1], x.shape[-2]], dtype=torch.float32)
    pixels = _pixels(coordinates.float(), size, coordinates_mode.lower(), align_corners)
    at_centres = padding_mode.lower() == "reflection"
    grid = _reflected_at_centres(pixels, size) if at_centres else (2 * pixels + 1) / size - 1
    sampling = meaning("sampling_mode", sampling_mode.lower(), _SAMPLING)
    padding = meaning("padding_mode", padding_mode.lower(), _PADDING)
    beyond = padding_value if padding_mode.lower() == "constant" else 0.0
    sampled = functional.grid_sample(x - beyond, grid, sampling, padding, at_centres)
    return sampled + beyond


def affine(
    x: Tensor,
    transform_matrix: Tensor,
    *,
    output_height: int,
    output_width: int,
    sampling_mode: str,
    padding_mode: str,
    padding_value: float,
    coordinates_mode: str,
    align_corners: bool,
) -> Tensor:
    """See the picture where rows (a0, a1, a2, b0, b1, b2) lead from points of the output."""
    matrices = transform_matrix.reshape(-1, 2, 3).expand(x.shape[0], 2, 3)
    sizes = [x.shape[0], x.shape[1], output_height, output_width]
    return resample(
        x,
        functional.affine_grid(matrices, sizes, align_corners),
        sampling_mode=sampling_mode,
        padding_mode=padding_mode,
        padding_value=padding_value,
        coordinates_mode=coordinates_mode,
        align_corners=align_corners,
    )


def _reflected_at_centres(pixels: Tensor, size: Tensor) -> Tensor:
    """The grid of pixels for PyTorch's aligned corners.

    There it reflects at the centres of the outermost pixels, otherwise at their edges; nothing else
    differs, but aligned, a picture of one pixel would divide by zero.
    """
    return 2 * pixels / (size - 1).clamp(min=1) - 1


def _pixels(coordinates: Tensor, size: Tensor, mode: str, align_corners: bool) -> Tensor:
    """The coordinates in pixels, 0 being the centre of the first."""
    match mode:
        case "unnormalized":
            return coordinates
        case "normalized_minus_one_to_one":
            fraction = (coordinates + 1) / 2
        case "normalized_zero_to_one":
            fraction = coordinates
        case _:
            raise ValueError(f"coordinates_mode {mode!r} is not known")
    return fraction * (size - 1) if align_corners else fraction * size - 0.5


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function for function in (resample, affine)
}
