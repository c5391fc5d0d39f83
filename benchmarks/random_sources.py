"""How long each random source takes for the noise of a 512 x 512 picture, next to NumPy's own."""

import timeit
from collections.abc import Callable
from functools import partial

import numpy as np
from coreml_stable_diffusion.domain.randomness.catalogue import random_source
from coreml_stable_diffusion.domain.randomness.kind import RandomKind
from report import arguments, print_table, write

_SHAPE = (1, 4, 64, 64)
_REPEATS = 500


def main() -> None:
    """Measure the best of many draws, which other work on the machine disturbs least."""
    options = arguments("Time the random sources.").parse_args()
    own = np.random.RandomState(93)
    figures = {"numpy itself": _microseconds(partial(own.standard_normal, _SHAPE))}
    for kind in RandomKind:
        draw = random_source(kind, 93).standard_normal
        figures[kind.value] = _microseconds(partial(draw, _SHAPE))
    numpy_itself = figures["numpy itself"]
    print_table(
        "Normal numbers for 4 x 64 x 64 latents",
        ["source", "microseconds", "times numpy's own"],
        [[name, f"{each:.0f}", f"{each / numpy_itself:.2f}"] for name, each in figures.items()],
    )
    write(options.json, {"microseconds": figures})


def _microseconds(draw: Callable[[], object]) -> float:
    return min(timeit.repeat(draw, number=1, repeat=_REPEATS)) * 1e6


if __name__ == "__main__":
    main()
