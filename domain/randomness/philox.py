"""Philox 4x32-10: random words that are a function of a counter and a key.

Salmon et al. (2011), "Parallel Random Numbers: As Easy as 1, 2, 3".
"""

import numpy as np
from numpy.typing import NDArray

#: 32-bit words, each in 64 bits, so that products fit.
Words = NDArray[np.uint64]

_ROUNDS = 10
_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_KEY_STEPS = 0x9E3779B9, 0xBB67AE85
_WORD, _WORD_BITS = np.uint64(0xFFFFFFFF), np.uint64(32)


def philox(counters: Words, key: tuple[int, int]) -> tuple[Words, Words, Words, Words]:
    """Four words for each counter of four, (4, count), all under one key of two words."""
    first, second, third, fourth = counters
    for number in range(_ROUNDS):
        low_key, high_key = (
            np.uint64(word + number * step & int(_WORD))
            for word, step in zip(key, _KEY_STEPS, strict=True)
        )
        one, other = first * _MULTIPLIERS[0], third * _MULTIPLIERS[1]
        first, third = other >> _WORD_BITS, one >> _WORD_BITS
        # In place, which is twice as fast: all these arrays were made in this round.
        first ^= second
        first ^= low_key
        third ^= fourth
        third ^= high_key
        other &= _WORD
        one &= _WORD
        second, fourth = other, one
    return first, second, third, fourth
