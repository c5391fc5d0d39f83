"""Pictures made larger, over the last two axes."""

from collections.abc import Callable

import numpy as np
from openvino import opset15 as opset

from .arguments import Output, rank


def upsample_nearest_neighbor(
    x: Output, scale_factor_height: float = 1.0, scale_factor_width: float = 1.0
) -> Output:
    """Repeat the nearest pixel."""
    factors = np.array([scale_factor_height, scale_factor_width], np.float32)
    height, width = list(x.get_partial_shape())[-2:]
    if height.is_static and width.is_static:
        # Factors are float32: five pixels times 1.4 are seven there, and 6.9999998 in 64 bits.
        sizes = np.array([height.get_length(), width.get_length()], np.float32)
        target, kind = (sizes * factors).astype(np.int64), "sizes"
    else:
        target, kind = factors, "scales"
    return opset.interpolate(
        x,
        target,
        "nearest",
        kind,
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
        axes=np.array([rank(x) - 2, rank(x) - 1]),
    ).output(0)


OPERATIONS: dict[str, Callable[..., Output]] = {
    "upsample_nearest_neighbor": upsample_nearest_neighbor
}
