"""Attention by blocks of scores whose exponentials are taken as they are.

A softmax takes the greatest score of each query away first, so that no exponential is infinite.
Where no score can be that large the passes for it are saved, and the sums of the softmax come with
the product by the values: as that by one more value, which is always 1.
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

#: Scores of fewer queries are computed as fast by PyTorch's kernel, and wider heads are.
_LEAST_QUERIES, _LARGEST_WIDTH = 2048, 48
# 2 ** 80 leaves room for sums of large values, and 2 ** -80 is a number that kernels are fast on.
_LARGEST_EXPONENT = 80.0
_BLOCK = 512


def attention_by_blocks(query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor | None:
    """softmax(query keyᵀ scale) value, each (batch, heads, places, width).

    Gives None where that would not pay, or where a score might be too large.
    """
    if query.ndim != 4 or query.shape[:2] != key.shape[:2] or not query.is_cpu:
        return None
    batch, heads, queries, width = query.shape
    if queries < _LEAST_QUERIES or max(width, value.shape[3]) > _LARGEST_WIDTH:
        return None
    query = query * (scale / math.log(2))
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
    for queries in _spans(query.shape[1]):
        sums = torch.zeros(heads, width + 1, result[:, queries].shape[1])
        for span in _spans(keys):
            scores = torch.bmm(key[:, span], query[:, queries].mT)
            sums.baddbmm_(values[:, :, span], scores.exp2_())
        result[:, queries] = (sums[:, :width] / sums[:, width:]).mT


def _spans(places: int) -> Iterator[slice]:
    return (slice(first, first + _BLOCK) for first in range(0, places, _BLOCK))
