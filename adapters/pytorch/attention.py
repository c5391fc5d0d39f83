"""Attention in the ways that Apple writes it for Core ML, all (batch, channels, 1, places).

SPLIT_EINSUM goes one head at a time with the keys in axis 1: with queries q, keys k, a head's
channels c and a lone axis h its products are bchq,bkhc->bkhq and bkhq,bchk->bchq, as in Apple's
article "Deploying Transformers on the Apple Neural Engine" and apple/ml-stable-diffusion (unet.py).
SPLIT_EINSUM_V2 does so for 512 queries at a time; unlike there, it leaves none out.
"""

import functools
from typing import Any

import torch
from diffusers.models.attention_processor import Attention

from ...domain.conversion.plan import AttentionImplementation
from ...domain.errors import InvalidRequest
from .channels_first import put_channels_first

_QUERIES_AT_ONCE = 512


def write_attention(
    network: Any, implementation: AttentionImplementation, latent_size: tuple[int, int]
) -> None:
    """Rewrite a UNet's or ControlNet's attention in place.

    The texts go in as (batch, width, 1, length) then.

    Raises InvalidRequest where there are too few queries for SPLIT_EINSUM_V2, and ValueError where
    there is attention that Stable Diffusion's networks do not have.
    """
    match implementation:
        case AttentionImplementation.ORIGINAL:
            network.register_forward_pre_hook(_with_texts_last, with_kwargs=True)
        case AttentionImplementation.SPLIT_EINSUM:
            put_channels_first(network, _split_einsum)
        case AttentionImplementation.SPLIT_EINSUM_V2:
            _require_queries(network, latent_size)
            put_channels_first(
                network, functools.partial(_split_einsum, queries_at_once=_QUERIES_AT_ONCE)
            )


def _with_texts_last(
    _network: Any, arguments: tuple[Any, ...], named: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    texts = named["encoder_hidden_states"].squeeze(2).transpose(1, 2)
    return arguments, {**named, "encoder_hidden_states": texts}


def _require_queries(network: Any, latent_size: tuple[int, int]) -> None:
    """Attention is largest in the first block that has it; each block halves both sizes."""
    attending = [getattr(block, "has_cross_attention", False) for block in network.down_blocks]
    halvings = [*attending[:-1], True].index(True)
    height, width = (-(-size // 2**halvings) for size in latent_size)
    if height * width < _QUERIES_AT_ONCE:
        raise InvalidRequest(
            "attention implementation",
            f"SPLIT_EINSUM_V2 attends in chunks of {_QUERIES_AT_ONCE} places, and this model's"
            f" largest attention has {height} x {width}; take SPLIT_EINSUM",
        )


def _split_einsum(
    attention: Attention,
    hidden_states: torch.Tensor,
    encoder_hidden_states: torch.Tensor | None = None,
    attention_mask: torch.Tensor | None = None,
    *,
    queries_at_once: int | None = None,
) -> torch.Tensor:
    """Attend to the texts, or without them to the states themselves."""
    del attention_mask  # which the networks of Stable Diffusion do not have
    context = hidden_states if encoder_hidden_states is None else encoder_hidden_states
    query = attention.to_q(hidden_states)
    key = attention.to_k(context).transpose(1, 3)
    value = attention.to_v(context)
    width = query.shape[1] // attention.heads
    heads = zip(
        torch.split(query, width, dim=1),
        torch.split(key, width, dim=3),
        torch.split(value, width, dim=1),
        strict=True,
    )
    attended = [_attend_in_chunks(*head, attention.scale, queries_at_once) for head in heads]
    result: torch.Tensor = attention.to_out[0](torch.cat(attended, dim=1))
    return result


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
