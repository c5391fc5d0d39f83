"""The types that OpenVINO computes a program's types in: float32, int32 where that holds, bool."""

import numpy as np
from numpy.typing import NDArray


def computed_type(dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """The type that elements of a type are computed in.

    >>> computed_type(np.dtype(np.uint16))
    dtype('int32')
    """
    if dtype.kind == "f":
        return np.dtype(np.float32)
    if dtype.kind == "b":
        return dtype
    return np.dtype(np.int32 if np.can_cast(dtype, np.int32) else np.int64)


def computed(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """The array in the type that it is computed in, its elements in order."""
    return np.ascontiguousarray(array, computed_type(array.dtype)).reshape(array.shape)
