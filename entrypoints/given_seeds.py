"""The seeds of pictures, given as numbers or as PyTorch's generators."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from ..domain.errors import InvalidRequest
from ..domain.randomness.kind import RandomKind
from .choices import chosen
from .random_seed import random_seed


@runtime_checkable
class Generator(Protocol):
    """What is needed of a `torch.Generator`."""

    @property
    def device(self) -> object:
        """Where it draws."""
        ...

    def initial_seed(self) -> int:
        """What it was seeded with."""
        ...


def given_seeds(
    seed: int | None, generator: Generator | Sequence[Generator] | None, rng: str | None, count: int
) -> tuple[list[int], RandomKind]:
    """The seed of each of `count` pictures, one more from each to the next, and whose they are.

    A generator stands for the first's seed, drawn from anew, as PyTorch draws on its device; a list
    has one for each picture. Raises InvalidRequest.
    """
    if generator is None:
        first = random_seed() if seed is None else _whole(seed)
        return [first + number for number in range(count)], chosen(
            RandomKind, "rng", rng or "numpy"
        )
    if seed is not None or rng is not None:
        raise InvalidRequest("generator", "it has a seed of its own; leave seed and rng out")
    each = generator if isinstance(generator, Sequence) else [generator]
    for one in each:
        if not isinstance(one, Generator):
            raise InvalidRequest("generator", f"{one!r} is no torch.Generator; give that, or seed")
    if each is not generator:
        first = each[0].initial_seed()
        return [first + number for number in range(count)], _kind(each)
    if len(each) != count:
        problem = f"{len(each)} generators for {count} pictures"
        raise InvalidRequest("generator", f"{problem}; give one for each, or one that is no list")
    return [one.initial_seed() for one in each], _kind(each)


def _whole(seed: object) -> int:
    if not isinstance(seed, int | np.integer):
        raise InvalidRequest("seed", f"{seed!r} is not a whole number")
    return int(seed)


def _kind(generators: Sequence[Generator]) -> RandomKind:
    known = {"cpu": RandomKind.TORCH, "cuda": RandomKind.CUDA}
    devices = {str(one.device).partition(":")[0] for one in generators}
    if len(devices) != 1 or not devices <= known.keys():
        problem = f"nobody here draws as PyTorch on {' and '.join(sorted(devices))}"
        raise InvalidRequest("generator", f"{problem}; give generators of cpu, or all of cuda")
    return known[devices.pop()]
