"""The seeds of pictures, given as numbers or as PyTorch's generators."""

from collections.abc import Sequence
from typing import Protocol

from ..domain.errors import InvalidRequest
from ..domain.randomness.kind import RandomKind
from .choices import chosen
from .random_seed import random_seed


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

    A generator stands for its seed, drawn from anew, as PyTorch draws on its device; a list of them
    has one for each picture. Raises InvalidRequest.
    """
    if generator is None:
        first = random_seed() if seed is None else seed
        return [first + number for number in range(count)], chosen(
            RandomKind, "rng", rng or "numpy"
        )
    if seed is not None or rng is not None:
        raise InvalidRequest("generator", "it has a seed of its own; leave seed and rng out")
    each = list(generator) if isinstance(generator, Sequence) else [generator]
    if len(each) not in (1, count):
        raise InvalidRequest("generator", f"{len(each)} generators for {count} pictures")
    kind = _kind({str(one.device).partition(":")[0] for one in each})
    if len(each) == 1:
        return [each[0].initial_seed() + number for number in range(count)], kind
    return [one.initial_seed() for one in each], kind


def _kind(devices: set[str]) -> RandomKind:
    known = {"cpu": RandomKind.TORCH, "cuda": RandomKind.CUDA}
    if len(devices) != 1 or not devices <= known.keys():
        problem = f"nobody here draws as PyTorch on {' and '.join(sorted(devices))}"
        raise InvalidRequest("generator", f"{problem}; give generators of cpu, or all of cuda")
    return known[devices.pop()]
