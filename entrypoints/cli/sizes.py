"""Sizes of pictures as words, WIDTHxHEIGHT in pixels."""

import re
from collections.abc import Sequence

from ...domain.conversion.plan import LatentSize
from ...domain.errors import InvalidRequest

_PIXELS_PER_LATENT = 8
_OPTION = "--size"


def chosen_sizes(
    words: Sequence[str] | None, latent_height: int | None, latent_width: int | None
) -> tuple[int | None, int | None, tuple[LatentSize, ...]]:
    """The usual height and width in latent pixels, and the further sizes. Raises InvalidRequest."""
    if not words:
        return latent_height, latent_width, ()
    if latent_height is not None or latent_width is not None:
        raise InvalidRequest(_OPTION, "it says what --latent-height and --latent-width say")
    (height, width), *further = latent_sizes(words)
    return height, width, tuple(further)


def latent_sizes(words: Sequence[str]) -> tuple[LatentSize, ...]:
    """Heights and widths in latent pixels, each once. Raises InvalidRequest.

    >>> latent_sizes(["768x512", "512x512"])
    ((64, 96), (64, 64))
    """
    return tuple(dict.fromkeys(_latent_size(word) for word in words))


def _latent_size(word: str) -> LatentSize:
    read = re.fullmatch(r"(\d+)x(\d+)", word.strip().lower())
    if read is None:
        raise InvalidRequest(_OPTION, f"{word!r} is no size; give WIDTHxHEIGHT, as in 768x512")
    width, height = int(read[1]), int(read[2])
    if not width or not height or width % _PIXELS_PER_LATENT or height % _PIXELS_PER_LATENT:
        raise InvalidRequest(_OPTION, f"{word} is not made of multiples of {_PIXELS_PER_LATENT}")
    return height // _PIXELS_PER_LATENT, width // _PIXELS_PER_LATENT
