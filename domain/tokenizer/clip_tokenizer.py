"""CLIP's tokenizer, token for token that of transformers' CLIPTokenizer."""

import re
from collections.abc import Iterator
from functools import cached_property

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
        start, end = self.vocabulary.start_id, self.vocabulary.end_id
        tokens = list(self._tokens(text))
        kept = [self.vocabulary.id_of(token) for token in tokens[: length - 2]]
        padding = [self.vocabulary.id_of(self.padding_token)] * (length - 2 - len(kept))
        return TokenIds(ids=(start, *kept, end, *padding), cut=spell(tokens[length - 2 :]).strip())

    def _tokens(self, text: str) -> Iterator[str]:
        for piece in self._special_tokens.split(text):
            if self._special_tokens.fullmatch(piece):
                yield piece
                continue
            for word in split_words(normalise(piece)):
                yield from merge_word(word, self.vocabulary.ranks)

    @cached_property
    def _special_tokens(self) -> re.Pattern[str]:
        names = {START_OF_TEXT, END_OF_TEXT, self.padding_token}
        return re.compile("(" + "|".join(re.escape(name) for name in sorted(names)) + ")")
