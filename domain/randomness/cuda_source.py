"""PyTorch's normal numbers on an NVIDIA card: Philox and Box and Muller's transform."""

import math

import numpy as np
from numpy.typing import NDArray

from .kind import RandomKind
from .philox import Words, philox
from .source import RandomSource, require_seed

#: What the last bit of an angle is worth.
_TURN = np.float32(2 * math.pi * 2**-32)


class CudaSource(RandomSource):
    """Gives within 1e-6 what `torch.randn` gives on a CUDA device after `manual_seed(seed)`.

    Each number is a thread's own, so this holds up to as many numbers as the card runs threads at
    once: 40,960 on a small one (T4), 270,336 on a large one (H100). Beyond that the card's size
    would decide. Raises InvalidRequest for a seed out of range.

    >>> CudaSource(0).standard_normal((2,)).round(4)
    array([-0.9247, -0.4253], dtype=float32)
    """

    def __init__(self, seed: int) -> None:
        require_seed(seed, RandomKind.CUDA)
        self._key = (seed & 0xFFFFFFFF, seed >> 32)
        self._calls = 0

    def standard_normal(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """The next numbers of mean 0 and deviation 1, in row-major order."""
        threads = np.arange(math.prod(shape), dtype=np.uint64)
        radius, angle, *_ = philox((self._calls, 0, threads, 0), key=self._key)
        self._calls += 1
        return _transformed(radius, angle).reshape(shape)


def _transformed(radius: Words, angle: Words) -> NDArray[np.float32]:
    """The sine half of Box and Muller's pair, in float32 as on the card."""
    unit = _fraction(radius, np.float32(2**-32))
    length = np.sqrt(np.float32(-2) * np.log(unit))
    numbers: NDArray[np.float32] = length * np.sin(_fraction(angle, _TURN))
    return numbers


def _fraction(words: Words, unit: np.float32) -> NDArray[np.float32]:
    """Words and a half, in units; rounded before and after, but not between."""
    return (words.astype(np.float32) * np.float64(unit) + float(unit) / 2).astype(np.float32)
