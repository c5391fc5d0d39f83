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

    PyTorch widens float16 five times as fast as NumPy does, and warns of arrays that are read-only.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        shared = torch.from_numpy(np.asarray(array, order="C"))
    return shared.to(torch.get_default_device(), _computed(array.dtype), copy=True)


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
