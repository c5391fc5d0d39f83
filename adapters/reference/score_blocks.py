"""Attention by blocks of scores whose exponentials are taken as they are.

A softmax takes the greatest score of each query away first, so that no exponential is infinite.
Where no score can be that large the passes for it are saved, and the sums of the softmax come with
the product by the values: as that by one more value, which is always 1.
"""

import itertools
from collections.abc import Iterator

import attrs
import torch
from torch import Tensor

from .workers import on_every_thread

# PyTorch's kernel computes fewer scores, and those of wider heads, as fast.
_LEAST_QUERIES, _LEAST_KEYS, _LARGEST_WIDTH = 2048, 512, 64
# exp(55) leaves room for sums of large values, and exp(-55) is a number that kernels are fast on.
_LARGEST_EXPONENT = 55.0
_QUERIES, _KEYS = 512, 512  # of a block: 1 MiB of scores, half of a cache of the second level


@attrs.frozen
class _Block:
    """Some queries of a head (width, places), its keys and values in spans, and their result."""

    asked: Tensor
    spans: list[tuple[Tensor, Tensor]]
    result: Tensor


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
    values = torch.ones(batch, heads, value.shape[3] + 1, value.shape[2])
    values[:, :, :-1] = value.mT
    blocks = iter([
        block
        for head in itertools.product(range(batch), range(heads))
        for block in _blocks(query[head], key[head], values[head], result[head])
    ])  # fmt: skip
    on_every_thread(lambda: _attend(blocks))
    return result


def _greatest_length(vectors: Tensor) -> float:
    return float(torch.linalg.vector_norm(vectors, dim=-1).max())


def _blocks(query: Tensor, key: Tensor, values: Tensor, result: Tensor) -> list[_Block]:
    """Cut what belongs to one head, each (places, width), but values (width + 1, places)."""
    keys = torch.split(key, _KEYS)
    spans = [*zip(keys, torch.split(values, _KEYS, 1), strict=True)]
    asked, answered = torch.split(query, _QUERIES), torch.split(result, _QUERIES)
    return [_Block(each.mT, spans, filled) for each, filled in zip(asked, answered, strict=True)]


def _attend(blocks: Iterator[_Block]) -> None:
    """Fill the results of blocks; all scores lie where those before lay, in a core's cache."""
    memory = torch.empty(_KEYS * _QUERIES)
    for block in blocks:
        queries = block.asked.shape[1]
        scores = memory[: _KEYS * queries].view(_KEYS, queries)
        sums = torch.zeros(block.result.shape[1] + 1, queries)
        for keys, values in block.spans:
            of_keys = scores if len(keys) == _KEYS else scores[: len(keys)]
            torch.mm(keys, block.asked, out=of_keys)
            sums.addmm_(values, of_keys.exp_())
        block.result.copy_((sums[:-1] / sums[-1:]).mT)
