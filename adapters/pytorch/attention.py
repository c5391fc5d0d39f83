"""Attention in the ways that Apple writes it for Core ML, all (batch, channels, 1, places).

ORIGINAL computes all heads at once. SPLIT_EINSUM goes one head at a time with the keys in axis 1:
with queries q, keys k, a head's channels c and a lone axis h its products are bchq,bkhc->bkhq and
bkhq,bchk->bchq, as in Apple's article "Deploying Transformers on the Apple Neural Engine" and
apple/ml-stable-diffusion (unet.py). SPLIT_EINSUM_V2 does so for 512 queries at a time; unlike
there, it leaves none out.
"""

import functools
from collections.abc import Callable
from typing import Any

import torch
from diffusers.models.attention_processor import Attention
from torch.nn import functional

from ...domain.conversion.plan import AttentionImplementation
from .channels_first import put_channels_first
from .sizes import QUERIES_AT_ONCE, require_queries


def write_attention(
    network: Any, implementation: AttentionImplementation, latent_size: tuple[int, int]
) -> None:
    """Rewrite a UNet's or ControlNet's attention in place.

    The texts go in as (batch, width, 1, length) then.

    Raises InvalidRequest where there are too few queries for SPLIT_EINSUM_V2, and ValueError where
    there is attention that Stable Diffusion's networks do not have.
    """
    if implementation is AttentionImplementation.SPLIT_EINSUM_V2:
        require_queries(network.config, latent_size)
    put_channels_first(network, functools.partial(_process, _ATTEND[implementation]))


def keep_attention(network: Any) -> None:
    """Leave the attention of a UNet or ControlNet to diffusers; the texts go in as above."""
    network.register_forward_pre_hook(_with_texts_last, with_kwargs=True)


def _with_texts_last(
    _network: Any, arguments: tuple[Any, ...], named: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    texts = named["encoder_hidden_states"].squeeze(2).transpose(1, 2)
    return arguments, {**named, "encoder_hidden_states": texts}


def _process(
    attend: Callable[..., torch.Tensor],
    attention: Attention,
    hidden_states: torch.Tensor,
    encoder_hidden_states: torch.Tensor | None = None,
    attention_mask: torch.Tensor | None = None,
) -> torch.Tensor:
    """Attend to the texts, or without them to the states themselves."""
    del attention_mask  # which the networks of Stable Diffusion do not have
    context = hidden_states if encoder_hidden_states is None else encoder_hidden_states
    query, key = attention.to_q(hidden_states), attention.to_k(context)
    attended = attend(query, key, attention.to_v(context), attention.heads, attention.scale)
    result: torch.Tensor = attention.to_out[0](attended)
    return result


def _original(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, heads: int, scale: float
) -> torch.Tensor:
    query, key, value = (
        torch.unflatten(each.squeeze(2), 1, (heads, -1)).transpose(2, 3)
        for each in (query, key, value)
    )
    attended = functional.scaled_dot_product_attention(query, key, value, scale=scale)
    return attended.transpose(2, 3).flatten(1, 2).unsqueeze(2)


def _split_einsum(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    heads: int,
    scale: float,
    *,
    queries_at_once: int | None = None,
) -> torch.Tensor:
    width = query.shape[1] // heads
    parts = zip(
        torch.split(query, width, dim=1),
        torch.split(key.transpose(1, 3), width, dim=3),
        torch.split(value, width, dim=1),
        strict=True,
    )
    return torch.cat([_attend_in_chunks(*part, scale, queries_at_once) for part in parts], dim=1)


def _attend_in_chunks(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    scale: float,
    queries_at_once: int | None,
) -> torch.Tensor:
    if queries_at_once is None or query.shape[3] <= queries_at_once:
        return _attend(query, key, value, scale)
    chunks = torch.split(query, queries_at_once, dim=3)
    return torch.cat([_attend(chunk, key, value, scale) for chunk in chunks], dim=3)


def _attend(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
) -> torch.Tensor:
    scores = torch.einsum("bchq,bkhc->bkhq", query, key) * scale
    return torch.einsum("bkhq,bchk->bchq", scores.softmax(dim=1), value)


_ATTEND: dict[AttentionImplementation, Callable[..., torch.Tensor]] = {
    AttentionImplementation.ORIGINAL: _original,
    AttentionImplementation.SPLIT_EINSUM: _split_einsum,
    AttentionImplementation.SPLIT_EINSUM_V2: functools.partial(
        _split_einsum, queries_at_once=QUERIES_AT_ONCE
    ),
}
