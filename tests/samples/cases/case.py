"""One operation with arguments, and what it has to give."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@attrs.frozen
class Case:
    """Arguments by MIL's names, and the results by an oracle of the test's own.

    `expected` of None leaves the results to what coremltools computes when it folds constants.
    """

    arguments: Mapping[str, Any]
    expected: tuple[Array, ...] | None = None


def known(arguments: Mapping[str, Any], *expected: Any) -> Case:
    """A case whose results are known: floats in the narrowest of the arguments, the rest as is."""
    real = np.float16 if any(map(is_half, arguments.values())) else np.float32
    arrays = (np.asarray(each) for each in expected)
    return Case(
        arguments, tuple(each.astype(real) if each.dtype.kind == "f" else each for each in arrays)
    )


def is_half(argument: Any) -> bool:
    """Whether any of the argument is float16."""
    if isinstance(argument, tuple):
        return any(map(is_half, argument))
    return isinstance(argument, (np.ndarray, np.generic)) and argument.dtype == np.float16


def widened(argument: Any) -> Any:
    """The argument with float32 instead of float16, which the oracles compute in."""
    if isinstance(argument, tuple):
        return tuple(widened(each) for each in argument)
    return argument.astype(np.float32) if is_half(argument) else argument


def assert_close(computed: Sequence[Array], expected: Sequence[Array]) -> None:
    """Hold results next to those of the oracle, as near as their types allow."""
    for one, other in zip(computed, expected, strict=True):
        assert one.shape == other.shape
        relative, absolute = (1e-3, 1e-4) if is_half(other) else (2e-5, 4e-6)
        np.testing.assert_allclose(one, other.astype(one.dtype), rtol=relative, atol=absolute)
