"""Pictures made larger, over the last two axes."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from openvino import opset15 as opset

from .arguments import Output, rank


def upsample_nearest_neighbor(
    x: Output, scale_factor_height: float = 1.0, scale_factor_width: float = 1.0
) -> Output:
    """Repeat the nearest pixel."""
    factors = np.array([scale_factor_height, scale_factor_width], np.float32)
    target: NDArray[np.generic] = factors
    height, width = list(x.get_partial_shape())[-2:]
    known = height.is_static and width.is_static
    if known:
        # Factors are float32: five pixels times 1.4 are seven there, and 6.9999998 in 64 bits.
        sizes = np.array([height.get_length(), width.get_length()], np.float32)
        target = (sizes * factors).astype(np.int64)
    return opset.interpolate(
        x,
        target,
        "nearest",
        "sizes" if known else "scales",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
        axes=np.array([rank(x) - 2, rank(x) - 1]),
    ).output(0)


OPERATIONS: dict[str, Callable[..., Output]] = {
    "upsample_nearest_neighbor": upsample_nearest_neighbor
}
