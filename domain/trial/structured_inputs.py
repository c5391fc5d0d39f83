"""What networks are tried on: what drawing a picture gives them, which is no mere noise."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..pictures.pixels import from_bytes, to_unit
from ..ports.networks import Network
from ..tensor import Tensors, TensorSpec

#: How many of a network's predictions are looked at; more tell little and cost as much each.
CASES = 4


def chosen(heard: Sequence[Tensors]) -> list[Tensors]:
    """A few of the inputs that a network was given while drawing, from the first to the last.

    >>> chosen([{"x": i} for i in range(10)])
    [{'x': 0}, {'x': 3}, {'x': 6}, {'x': 9}]
    """
    count = min(CASES, len(heard))
    return [heard[int(index)] for index in np.linspace(0, len(heard) - 1, count)]


def unheard(network: Network, heard: Iterable[Tensors], picture: NDArray[np.uint8]) -> Tensors:
    """Inputs for a network that drawing did not need, out of what the others were given.

    An input takes what another network was last given under its name, or the picture that was
    drawn, (height, width, 3), where it is one; all others take standard normal noise.
    """
    known = _by_name(heard) | _pictures(picture)
    rng = np.random.default_rng(0)
    return {spec.name: _fitting(spec, known, rng) for spec in network.inputs}


def _by_name(heard: Iterable[Tensors]) -> dict[str, NDArray[np.generic]]:
    return {name: array for tensors in heard for name, array in tensors.items()}


def _pictures(picture: NDArray[np.uint8]) -> dict[str, NDArray[np.generic]]:
    return {
        "x": from_bytes(picture),
        "controlnet_cond": to_unit(picture).transpose(2, 0, 1)[np.newaxis],
        "images": to_unit(picture)[np.newaxis],
    }


def _fitting(
    spec: TensorSpec, known: Mapping[str, NDArray[np.generic]], rng: np.random.Generator
) -> NDArray[np.generic]:
    array = known.get(spec.name)
    if array is None or array.shape[1:] != spec.shape[1:]:
        return rng.standard_normal(spec.shape).astype(spec.dtype)
    return np.resize(array, spec.shape).astype(spec.dtype)
