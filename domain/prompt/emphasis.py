"""Weights of tokens laid on their hidden states, as AUTOMATIC1111's web UI does it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def emphasised(states: NDArray[np.float32], weights: Sequence[float]) -> NDArray[np.float32]:
    """Multiply each token's state by its weight, then give all of them their old mean back.

    `states` are one chunk's of one text encoder, (1, tokens, width). Where every weight is 1 they
    stay bit by bit as they are.

    >>> emphasised(np.float32([[[1, 2], [3, 4]]]), [1.0, 2.0]).tolist()
    [[[0.5882353186607361, 1.1764706373214722], [3.529411792755127, 4.705882549285889]]]
    """
    if all(weight == 1 for weight in weights):
        return states
    weighted = states * np.array(weights)[:, np.newaxis]
    ratio = states.mean(dtype=np.float64) / weighted.mean()
    restored: NDArray[np.float32] = (weighted * ratio).astype(np.float32)
    return restored
