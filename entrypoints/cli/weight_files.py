"""Files that change the weights of a model, as options name them: FILE:SCALE and FILE:WORD."""

from collections.abc import Iterable
from pathlib import Path

from ...domain.changes import Embedding, Lora
from ...domain.errors import InvalidRequest


def given_loras(texts: Iterable[str] | None) -> tuple[Lora, ...]:
    """Read FILE or FILE:SCALE each, none where the option was left out.

    A file whose name ends so wins over a scale. Raises InvalidRequest.

    >>> [each.scale for each in given_loras(["style.safetensors:0.8", "line.safetensors"])]
    [0.8, 1.0]
    """
    return tuple(map(_lora, texts or ()))


def given_embeddings(texts: Iterable[str] | None) -> tuple[Embedding, ...]:
    """Read FILE or FILE:WORD each, none where the option was left out.

    A file whose name ends so wins over a word.

    >>> [each.trigger for each in given_embeddings(["cat.safetensors:<cat>", "dog.safetensors"])]
    ['<cat>', None]
    """
    return tuple(map(_embedding, texts or ()))


def _lora(text: str) -> Lora:
    file, scale = _parted(text)
    if scale is None:
        return Lora(file)
    try:
        return Lora(file, float(scale))
    except ValueError as error:
        problem = f"{scale!r} in {text} is no scale; give a number"
        raise InvalidRequest("--lora", problem) from error


def _embedding(text: str) -> Embedding:
    return Embedding(*_parted(text))


def _parted(text: str) -> tuple[Path, str | None]:
    """The file, and what stands behind its last colon if that is not of its name."""
    name, colon, told = text.rpartition(":")
    return (Path(text), None) if not colon or Path(text).exists() else (Path(name), told)
