"""Arrays and lists of numbers that a program hands over, PyTorch's tensors among them."""

from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..domain.errors import InvalidRequest, first_line


def given_array(argument: str, given: ArrayLike) -> NDArray[Any]:
    """Numbers as NumPy has them; of a tensor on any device and of any width, with or without grad.

    Raises InvalidRequest, which names the argument, for what is no array of numbers.

    >>> given_array("latents", [[1, 2]]).shape
    (1, 2)
    """
    try:
        array = np.asarray(_of_pytorch(given) if hasattr(given, "detach") else given)
    except (TypeError, ValueError, RuntimeError) as error:
        problem = f"it is no array of numbers ({first_line(error)})"
        raise InvalidRequest(argument, problem) from error
    if array.dtype.kind not in "biuf":
        raise InvalidRequest(argument, f"it is of {array.dtype}, not of numbers")
    return array


def given_numbers(argument: str, given: ArrayLike | None) -> tuple[float, ...] | None:
    """Numbers one after another, None where they were left out. Raises InvalidRequest.

    >>> given_numbers("timesteps", [999, 500.5])
    (999.0, 500.5)
    """
    if given is None:
        return None
    array = given_array(argument, given)
    if array.ndim != 1:
        raise InvalidRequest(argument, f"shape {array.shape} is not a list of numbers")
    return tuple(array.tolist())


def _of_pytorch(tensor: Any) -> ArrayLike:
    """A tensor as NumPy can read it: bfloat16 and what else NumPy lacks is exact in float64."""
    here = tensor.detach().cpu()
    return cast("ArrayLike", here.double() if here.is_floating_point() else here)
