"""Attention by blocks of scores whose exponentials are taken as they are.

A softmax takes the greatest score of each query away first, so that no exponential is infinite.
Where no score can be that large the passes for it are saved, and the sums of the softmax come with
the product by the values: as that by one more value, which is always 1.
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

# PyTorch's kernel computes fewer scores, and those of wider heads, as fast.
_LEAST_QUERIES, _LEAST_KEYS, _LARGEST_WIDTH = 2048, 512, 48
# exp(55) leaves room for sums of large values, and exp(-55) is a number that kernels are fast on.
_LARGEST_EXPONENT = 55.0
_QUERIES, _KEYS = 512, 1024  # of a block


def attention_by_blocks(query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor | None:
    """softmax(query keyᵀ scale) value, each (batch, heads, places, width).

    Gives None where that would not pay, or where a score might be too large.
    """
    if query.ndim != 4 or query.shape[:2] != key.shape[:2] or not query.is_cpu:
        return None
    batch, heads, queries, width = query.shape
    if queries < _LEAST_QUERIES or key.shape[2] < _LEAST_KEYS:
        return None
    if max(width, value.shape[3]) > _LARGEST_WIDTH:
        return None
    query = query * scale
    # It makes every score of a query less by the same, which no softmax sees.
    key = key - key.mean(2, keepdim=True)
    # NaN is not small enough.
    if not _greatest_length(query) * _greatest_length(key) <= _LARGEST_EXPONENT:
        return None
    result = torch.empty(batch, queries, heads, value.shape[3]).transpose(1, 2)
    for example in zip(query, key, value, result, strict=True):
        _attend(*example)
    return result


def _greatest_length(vectors: Tensor) -> float:
    return float(torch.linalg.vector_norm(vectors, dim=-1).max())


def _attend(query: Tensor, key: Tensor, value: Tensor, result: Tensor) -> None:
    """Fill the result of one example, (heads, places, width) as the others."""
    heads, keys, width = value.shape
    values = torch.ones(heads, width + 1, keys)
    values[:, :width] = value.mT
    # Every block lies where the one before lay, in the processor's caches.
    memory = torch.empty(heads * _KEYS * _QUERIES)
    for queries in _spans(query.shape[1], _QUERIES):
        asked = query[:, queries].mT
        sums = torch.zeros(heads, width + 1, asked.shape[2])
        for span in _spans(keys, _KEYS):
            shape = (heads, key[:, span].shape[1], asked.shape[2])
            scores = memory[: math.prod(shape)].view(shape)
            torch.bmm(key[:, span], asked, out=scores)
            sums.baddbmm_(values[:, :, span], scores.exp_())
        result[:, queries] = (sums[:, :width] / sums[:, width:]).mT


def _spans(places: int, length: int) -> Iterator[slice]:
    return (slice(first, first + length) for first in range(0, places, length))
