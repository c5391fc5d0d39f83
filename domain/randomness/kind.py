"""Whose random numbers a seed stands for."""

import enum


class RandomKind(enum.Enum):
    """NumPy's legacy numbers, PyTorch's on a processor, or PyTorch's on an NVIDIA card."""

    NUMPY = "numpy"
    TORCH = "torch"
    CUDA = "cuda"

    @property
    def greatest_seed(self) -> int:
        """NumPy's legacy generator takes 32 bits, PyTorch's take 64.

        >>> RandomKind.NUMPY.greatest_seed
        4294967295
        """
        return 0xFFFFFFFF if self is RandomKind.NUMPY else 0xFFFFFFFFFFFFFFFF
