"""Philox 4x32-10: random words that are a function of a counter and a key.

Salmon et al. (2011), "Parallel Random Numbers: As Easy as 1, 2, 3".
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

#: 32-bit words, each in 64 bits, so that products fit.
Words = NDArray[np.uint64]

_ROUNDS = 10
_MULTIPLIERS = np.array([[0xD2511F53], [0xCD9E8D57]], dtype=np.uint64)
_KEY_STEPS = 0x9E3779B9, 0xBB67AE85
_WORD, _WORD_BITS = np.uint64(0xFFFFFFFF), np.uint64(32)


def philox(
    counters: Iterable[Words | int], key: tuple[int, int]
) -> tuple[Words, Words, Words, Words]:
    """Four words for each counter of four, which may be one for all, under one key of two words."""
    first, second, third, fourth = np.broadcast_arrays(*counters)
    # The first and third word are multiplied, the second and fourth mixed in, all in one piece of
    # memory: to ask for new ones takes as long as to compute.
    multiplied, mixed, products = np.empty((3, 2, *first.shape), dtype=np.uint64)
    multiplied[:] = first, third
    mixed[:] = second, fourth
    crossed = products[::-1]
    for number in range(_ROUNDS):
        np.multiply(multiplied, _MULTIPLIERS, out=products)
        np.right_shift(crossed, _WORD_BITS, out=multiplied)
        multiplied ^= mixed
        multiplied ^= _round_key(key, number)
        np.bitwise_and(crossed, _WORD, out=mixed)
    return multiplied[0], mixed[0], multiplied[1], mixed[1]


def _round_key(key: tuple[int, int], number: int) -> Words:
    words = (word + number * step & int(_WORD) for word, step in zip(key, _KEY_STEPS, strict=True))
    return np.array([[word] for word in words], dtype=np.uint64)
