"""NumPy arrays to PyTorch tensors and back, in the types that the runtime computes in.

Floats are computed in 32 bits, integers in 32 where those hold them and else in 64.
"""

import warnings

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...domain.mil.data_type import DataType


def as_tensor(array: NDArray[np.generic]) -> Tensor:
    """Copy an array into a tensor of its own, on the device that PyTorch uses just then.

    PyTorch widens float16 five times as fast as NumPy does.
    """
    device, dtype = torch.get_default_device(), _computed(array.dtype)
    return _shared(array).to(device, dtype, copy=True)


def as_stored(array: NDArray[np.generic]) -> Tensor:
    """The same, but float16 as it lies in memory or in its file, for whoever widens it."""
    return _shared(array) if array.dtype == np.float16 else as_tensor(array)


def _shared(array: NDArray[np.generic]) -> Tensor:
    """A tensor where the array lies; PyTorch warns of such as cannot be written to."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return torch.from_numpy(np.asarray(array, order="C"))


def torch_dtype(name: str) -> torch.dtype:
    """The type that elements of a MIL type are computed in.

    >>> torch_dtype("uint16")
    torch.int32
    """
    return _computed(DataType(name).numpy)


def _computed(dtype: np.dtype[np.generic]) -> torch.dtype:
    if dtype.kind == "f":
        return torch.float32
    if dtype.kind == "b":
        return torch.bool
    return torch.int32 if np.can_cast(dtype, np.int32) else torch.int64
