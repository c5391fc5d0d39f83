"""Weights that are computed whenever they are read, so that only one is in memory at a time."""

from collections.abc import Callable

import attrs
import numpy as np
from numpy.typing import NDArray

from .value import StoredWeight
from .value_type import TensorType


@attrs.frozen(eq=False)
class _Computed:
    compute: Callable[[], NDArray[np.generic]]

    def read(self, weight: StoredWeight) -> NDArray[np.generic]:
        del weight  # There is only one.
        return self.compute()


def computed_weight(
    declared: TensorType, compute: Callable[[], NDArray[np.generic]]
) -> StoredWeight:
    """A weight that is in no file; `compute` gives its elements in the declared shape."""
    return StoredWeight(declared, file="", offset=0, storage=_Computed(compute))
