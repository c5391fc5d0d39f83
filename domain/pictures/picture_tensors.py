"""Pictures as the arrays that networks take at their edge."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest
from ..tensor import Tensors, TensorSpec
from .pixels import to_grey

#: (height, width, 3) 8-bit red, green and blue by the names of the inputs that they are for.
Pictures = Mapping[str, NDArray[np.uint8]]


def picture_tensors(pictures: Pictures, inputs: Iterable[TensorSpec]) -> Tensors:
    """Make grey what an input wants grey; sizes and names are the network's to check.

    Raises InvalidRequest for an input that takes no picture.
    """
    specs = {each.name: each for each in inputs}
    return {
        name: pixels if name not in specs else _laid_out(pixels, specs[name])
        for name, pixels in pictures.items()
    }


def _laid_out(pixels: NDArray[np.uint8], spec: TensorSpec) -> NDArray[np.generic]:
    if spec.pixels is None:
        raise InvalidRequest("--picture", f"{spec.name} takes no picture; give it as an array")
    return (pixels if spec.pixels.has_colours else to_grey(pixels)).astype(spec.dtype)
