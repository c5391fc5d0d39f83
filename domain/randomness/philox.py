"""Philox 4x32-10: random words that are a function of a counter and a key.

Salmon et al. (2011), "Parallel Random Numbers: As Easy as 1, 2, 3".
"""

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]

_ROUNDS = 10
_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_KEY_STEPS = 0x9E3779B9, 0xBB67AE85


def philox(counters: Words, key: tuple[int, int]) -> Words:
    """Four words for each counter of four, (4, count), all under one key of two words."""
    first, second, third, fourth = counters
    for number in range(_ROUNDS):
        low_key, high_key = (
            np.uint32(word + number * step & 0xFFFFFFFF)
            for word, step in zip(key, _KEY_STEPS, strict=True)
        )
        one_low, one_high = _product(first, _MULTIPLIERS[0])
        other_low, other_high = _product(third, _MULTIPLIERS[1])
        first, second = other_high ^ second ^ low_key, other_low
        third, fourth = one_high ^ fourth ^ high_key, one_low
    return np.stack([first, second, third, fourth])


def _product(words: Words, multiplier: np.uint64) -> tuple[Words, Words]:
    """The low and the high word of a product of 64 bits."""
    products = (words * multiplier).astype("<u8", copy=False).view("<u4").reshape(-1, 2)
    return products[:, 0], products[:, 1]
