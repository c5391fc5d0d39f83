"""Shapes, axes and numbers, drawn by hypothesis."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Array

FLOATS = (np.float32, np.float16)
NUMBERS = (np.float32, np.float16, np.int32)


def one_of(draw: st.DrawFn, choices: Sequence[Any]) -> Any:
    """One of the choices."""
    return draw(st.sampled_from(choices))


def whole(draw: st.DrawFn, low: int, high: int) -> int:
    """A whole number, both ends included."""
    return draw(st.integers(low, high))


def truth(draw: st.DrawFn) -> bool:
    """Yes or no."""
    return draw(st.booleans())


def some_shape(draw: st.DrawFn, low: int = 1, high: int = 5, largest: int = 5) -> tuple[int, ...]:
    """A shape of so many axes."""
    return tuple(draw(st.lists(st.integers(1, largest), min_size=low, max_size=high)))


def some_axis(draw: st.DrawFn, rank: int) -> int:
    """An axis, counted from either end."""
    return whole(draw, -rank, rank - 1)


def some_axes(draw: st.DrawFn, rank: int, least: int = 1) -> list[int]:
    """Different axes, each counted from either end."""
    chosen = draw(st.lists(st.integers(0, rank - 1), min_size=least, max_size=rank, unique=True))
    return [axis - rank * truth(draw) for axis in chosen]


def generator(draw: st.DrawFn) -> np.random.Generator:
    """Random numbers that hypothesis can draw again."""
    return np.random.default_rng(whole(draw, 0, 2**32 - 1))


def numbers(
    draw: st.DrawFn, shape: Sequence[int], dtype: Any = np.float32, low: float = -2, high: float = 2
) -> Array:
    """An array; of floats some are halves and wholes, where rounding and equality are decided."""
    rng = generator(draw)
    if np.dtype(dtype).kind in "iu":
        return rng.integers(int(np.ceil(low)), int(high) + 1, shape).astype(dtype)
    spread = rng.uniform(low, high, shape)
    halves = np.clip(np.round(2 * spread) / 2, low, high)
    return np.where(rng.random(shape) < 0.2, halves, spread).astype(dtype)


def number(draw: st.DrawFn, dtype: Any, low: float = -2, high: float = 2) -> Any:
    """One number of the type."""
    return numbers(draw, (), dtype, low, high)[()]


def truths(draw: st.DrawFn, shape: Sequence[int]) -> Array:
    """An array of truth values."""
    return generator(draw).random(shape) < 0.5


def broadcast_pair(draw: st.DrawFn, high: int = 4) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two shapes that NumPy broadcasts together."""
    shape = some_shape(draw, 1, high)
    first, second = (
        tuple(1 if draw(st.integers(0, 3)) == 0 else size for size in shape) for _ in range(2)
    )
    shortened = second[whole(draw, 0, len(shape) - 1) :]
    return (shortened, first) if truth(draw) else (first, shortened)


def optional(draw: st.DrawFn, **arguments: Any) -> dict[str, Any]:
    """Some of the arguments."""
    return {name: value for name, value in arguments.items() if truth(draw)}
