"""Whose random numbers a seed stands for."""

import enum


class RandomKind(enum.Enum):
    """NumPy's legacy numbers, PyTorch's on a processor, or PyTorch's on an NVIDIA card."""

    NUMPY = "numpy"
    TORCH = "torch"
    CUDA = "cuda"
