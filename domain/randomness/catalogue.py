"""The random sources by the names of the programs that draw like them."""

import enum

from .cuda_source import CudaSource
from .numpy_source import NumpySource
from .source import RandomSource
from .torch_source import TorchSource


class RandomKind(enum.Enum):
    """Whose random numbers a seed stands for."""

    NUMPY = "numpy"
    TORCH = "torch"
    CUDA = "cuda"

    def source(self, seed: int) -> RandomSource:
        """A new stream from its beginning. Raises InvalidRequest for a seed out of range."""
        return _SOURCES[self](seed)


_SOURCES: dict[RandomKind, type[NumpySource | TorchSource | CudaSource]] = {
    RandomKind.NUMPY: NumpySource,
    RandomKind.TORCH: TorchSource,
    RandomKind.CUDA: CudaSource,
}
