"""A prompt as chunks of tokens, each as long as a text encoder reads at once.

Cut as by AUTOMATIC1111's web UI: a chunk that is full ends after a comma, if one is near.
"""

from collections.abc import Iterator
from itertools import chain

import attrs

from ..tokenizer.byte_pairs import END_OF_WORD, spell
from ..tokenizer.clip_tokenizer import ClipTokenizer
from .syntax import PromptSyntax
from .weighted_text import WeightedText, weighted_parts

_COMMA = "," + END_OF_WORD
#: A full chunk ends after a comma that is among so many of its last tokens.
_NEAR = 20


@attrs.frozen(kw_only=True)
class PromptChunk:
    """The ids of one chunk from start to padding, and how much each token counts."""

    ids: tuple[int, ...]
    weights: tuple[float, ...]


@attrs.frozen(kw_only=True)
class PromptTokens:
    """The chunks of a prompt, one at least, and what of it found no place in them.

    `cut` is the end of the prompt as its tokens spell it (lower case, a space after each word),
    empty where everything fitted.
    """

    chunks: tuple[PromptChunk, ...]
    cut: str = ""

    @property
    def fitting(self) -> int:
        """How many tokens of a prompt find room, start and end of each chunk aside."""
        return sum(len(chunk.ids) - 2 for chunk in self.chunks)

    def filling(self, room: int, nothing: PromptChunk) -> "PromptTokens":
        """As many chunks as there is room for: these again and again, or `nothing` after them.

        Attention to the same chunks twice is attention to them once, so that a short prompt gives
        the same picture with more room. Only where they do not go evenly into it, nothing follows.
        """
        times, odd = divmod(room, len(self.chunks))
        missing = (nothing,) * (room - len(self.chunks))
        return attrs.evolve(self, chunks=self.chunks + missing if odd else self.chunks * times)


@attrs.frozen
class _Token:
    text: str
    weight: float


def prompt_tokens(
    prompt: str, tokenizer: ClipTokenizer, syntax: PromptSyntax, *, length: int, room: int = 1
) -> PromptTokens:
    """Tokenize a prompt into at most `room` chunks of `length` ids; the last is filled to the brim.

    Start and end token are in every chunk and count as usual, like the padding.
    """
    parts = [
        [_Token(token, run.weight) for run in part for token in tokenizer.tokens(run.text)]
        for part in _parts(prompt, syntax)
    ]
    # A break at the very end begins nothing.
    if not parts[-1]:
        parts = parts[:-1] or parts
    chunks, left = _filled(parts, length - 2, room)
    return PromptTokens(
        chunks=tuple(_framed(tokens, tokenizer, length) for tokens in chunks),
        cut=spell(token.text for token in left).strip(),
    )


def _parts(prompt: str, syntax: PromptSyntax) -> tuple[tuple[WeightedText, ...], ...]:
    if syntax is PromptSyntax.A1111:
        return weighted_parts(prompt)
    return ((WeightedText(prompt),),)


def _filled(
    parts: list[list[_Token]], size: int, room: int
) -> tuple[list[list[_Token]], Iterator[_Token]]:
    """The chunks, a new one for each part, and the tokens that have no room in them."""
    chunks: list[list[_Token]] = []
    while parts and len(chunks) < room:
        tokens, *others = parts
        end = size if len(chunks) == room - 1 else _chunk_end(tokens, size)
        chunks.append(tokens[:end])
        parts = [tokens[end:], *others] if end < len(tokens) else others
    return chunks, chain.from_iterable(parts)


def _chunk_end(tokens: list[_Token], size: int) -> int:
    """After the last comma near the end of a chunk that is too small, else where it is full."""
    if len(tokens) > size and tokens[size].text != _COMMA:
        for position in range(size, max(size - _NEAR, 0), -1):
            if tokens[position - 1].text == _COMMA:
                return position
    return size


def _framed(tokens: list[_Token], tokenizer: ClipTokenizer, length: int) -> PromptChunk:
    weights = [1.0, *(token.weight for token in tokens)]
    return PromptChunk(
        ids=tokenizer.framed([token.text for token in tokens], length),
        weights=(*weights, *[1.0] * (length - len(weights))),
    )
