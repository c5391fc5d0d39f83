"""CLIP's tokenizer, token for token that of transformers' CLIPTokenizer."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache, partial

import attrs

from .byte_pairs import merge_word, spell
from .vocabulary import END_OF_TEXT, START_OF_TEXT, Vocabulary
from .words import normalise, split_words


@attrs.frozen(kw_only=True)
class TokenIds:
    """A text as ids of a fixed length, and what of the text found no place in it.

    `cut` is the end of the text as its tokens spell it (lower case, a space after each word), empty
    where everything fitted.
    """

    ids: tuple[int, ...]
    cut: str = ""


@attrs.frozen(kw_only=True)
class ClipTokenizer:
    """Turns text into ids; Stable Diffusion 1 pads with the end token, 2 and XL with "!".

    The padding token is special as in transformers: in a text it is a token wherever it appears,
    without regard to its neighbours.
    """

    vocabulary: Vocabulary
    padding_token: str = END_OF_TEXT

    def encode(self, text: str, length: int) -> TokenIds:
        """The ids of the text between start and end token, padded or cut to `length` ids.

        A text that is too long loses its end, never the end token.
        """
        tokens = self.tokens(text)
        return TokenIds(
            ids=self.framed(tokens[: length - 2], length), cut=spell(tokens[length - 2 :]).strip()
        )

    def tokens(self, text: str) -> list[str]:
        """The tokens of a text, as many as they are, without start and end."""
        return list(self._tokens(text))

    def framed(self, tokens: Sequence[str], length: int) -> tuple[int, ...]:
        """The ids of at most `length` - 2 tokens between start and end token, then padding."""
        ids = [self.vocabulary.id_of(token) for token in tokens]
        padding = [self.vocabulary.id_of(self.padding_token)] * (length - 2 - len(ids))
        return (self.vocabulary.start_id, *ids, self.vocabulary.end_id, *padding)

    def _tokens(self, text: str) -> Iterator[str]:
        for piece in self._special_tokens.split(text):
            if self._special_tokens.fullmatch(piece):
                yield piece
                continue
            yield from self._common_tokens(normalise(piece))

    def _common_tokens(self, text: str) -> Iterator[str]:
        for piece in self._learned_words.split(text) if self._learned else (text,):
            if piece in self._learned:
                yield from self._learned[piece]
                continue
            for word in split_words(piece):
                yield from self._merged(word)

    @cached_property
    def _merged(self) -> Callable[[str], tuple[str, ...]]:
        """The tokens of a word; those of the last few thousand are remembered."""
        return lru_cache(maxsize=4096)(partial(merge_word, ranks=self.vocabulary.ranks))

    @cached_property
    def _learned(self) -> dict[str, tuple[str, ...]]:
        """Learned words as they are in a normalised text."""
        words = self.vocabulary.learned.items()
        return {normalise(word): tokens for word, tokens in words if word != self.padding_token}

    @cached_property
    def _learned_words(self) -> re.Pattern[str]:
        longest_first = sorted(self._learned, key=len, reverse=True)
        return re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")

    @cached_property
    def _special_tokens(self) -> re.Pattern[str]:
        names = {START_OF_TEXT, END_OF_TEXT, self.padding_token}
        return re.compile("(" + "|".join(re.escape(name) for name in sorted(names)) + ")")
