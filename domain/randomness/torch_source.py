"""PyTorch's normal numbers on a processor: Mersenne twister and Box and Muller's transform."""

import math

import numpy as np
from numpy.typing import NDArray

from .kind import RandomKind
from .source import RandomSource, require_seed

#: PyTorch transforms this many numbers at once: the first half's radii, the second half's angles.
_BLOCK = 16
_UNSIGNED = np.dtype("<u4")


class TorchSource(RandomSource):
    """Gives within 1e-6 what `torch.randn` gives with `torch.Generator().manual_seed(seed)`.

    Float32 on the processor, whatever the shape. Raises InvalidRequest for a seed out of range.

    >>> TorchSource(0).standard_normal((2,)).round(4)
    array([ 1.541 , -0.2934], dtype=float32)
    """

    def __init__(self, seed: int) -> None:
        require_seed(seed, RandomKind.TORCH)
        # PyTorch's twister heeds no more of a seed than its lower half.
        self._twister = np.random.RandomState(seed & 0xFFFFFFFF)
        self._left_over: float | None = None

    def standard_normal(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """The next numbers of mean 0 and deviation 1, in row-major order."""
        count = math.prod(shape)
        numbers = self._few(count) if count < _BLOCK else self._many(count)
        return numbers.reshape(shape)

    def _many(self, count: int) -> NDArray[np.float32]:
        uniform = self._floats(count)
        whole = count - count % _BLOCK
        blocks = _transformed(uniform[:whole].reshape(-1, _BLOCK)).ravel()
        if whole == count:
            return blocks
        # The last block is drawn again in whole, over what is there of it.
        last = _transformed(self._floats(_BLOCK))
        return np.concatenate([blocks[: count - _BLOCK], last])

    def _few(self, count: int) -> NDArray[np.float32]:
        """One by one in double precision, in pairs whose second may be left for the next call."""
        numbers = [] if self._left_over is None else [self._left_over]
        for _ in range(max(count - len(numbers) + 1, 0) // 2):
            numbers += self._pair()
        self._left_over = numbers[count] if len(numbers) > count else None
        return np.array(numbers[:count], dtype=np.float32)

    def _pair(self) -> tuple[float, float]:
        angle, radius = self._doubles(2)
        length = math.sqrt(-2 * math.log1p(-radius))
        return length * math.cos(2 * math.pi * angle), length * math.sin(2 * math.pi * angle)

    def _floats(self, count: int) -> NDArray[np.float32]:
        """From 24 bits of a word each, as many as a float32 holds."""
        return (self._words(count) & np.uint32(0xFFFFFF)).astype(np.float32) * np.float32(2**-24)

    def _doubles(self, count: int) -> list[float]:
        """From 53 bits of two words each, the first the higher."""
        high, low = self._words(2 * count).astype(np.uint64).reshape(-1, 2).T
        doubles: list[float] = (((high << 32 | low) & (2**53 - 1)) * 2.0**-53).tolist()
        return doubles

    def _words(self, count: int) -> NDArray[np.uint32]:
        return np.frombuffer(self._twister.bytes(4 * count), dtype=_UNSIGNED)


def _transformed(uniform: NDArray[np.float32]) -> NDArray[np.float32]:
    """Normal numbers of blocks, (..., 16): radii in the first half, angles in the second."""
    first, second = np.split(uniform, 2, axis=-1)
    lengths = np.sqrt(np.float32(-2) * np.log(1 - first))
    angles = np.float32(2 * np.pi) * second
    return np.concatenate([lengths * np.cos(angles), lengths * np.sin(angles)], axis=-1)
