"""The random sources by the names of the programs that draw like them."""

from collections.abc import Callable

from .cuda_source import CudaSource
from .kind import RandomKind
from .numpy_source import NumpySource
from .source import RandomSource
from .torch_source import TorchSource

_SOURCES: dict[RandomKind, Callable[[int], RandomSource]] = {
    RandomKind.NUMPY: NumpySource,
    RandomKind.TORCH: TorchSource,
    RandomKind.CUDA: CudaSource,
}


def random_source(kind: RandomKind, seed: int) -> RandomSource:
    """A new stream from its beginning. Raises InvalidRequest for a seed out of range."""
    return _SOURCES[kind](seed)
