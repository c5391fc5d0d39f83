"""Byte-pair encoding: a word as bytes under printable names, merged pair by pair.

Sennrich et al. (2016), "Neural Machine Translation of Rare Words with Subword Units", over bytes as
in GPT-2; the last symbol of a word carries an end-of-word mark as in CLIP.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from .vocabulary import Pair

END_OF_WORD = "</w>"


def _symbol_table() -> tuple[str, ...]:
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    symbols, spare = [], 0x100
    for byte in range(0x100):
        symbols.append(chr(byte if byte in printable else spare))
        spare += byte not in printable
    return tuple(symbols)


_SYMBOLS = _symbol_table()
_BYTES = {symbol: byte for byte, symbol in enumerate(_SYMBOLS)}


def merge_word(word: str, ranks: Mapping[Pair, int]) -> tuple[str, ...]:
    """The tokens of one word: again and again, the pair of the lowest rank becomes one symbol.

    >>> merge_word("abab", {("a", "b"): 0, ("a", "b</w>"): 1})
    ('ab', 'ab</w>')
    """
    *first, last = (_SYMBOLS[byte] for byte in word.encode())
    tokens = (*first, last + END_OF_WORD)
    while known := [pair for pair in pairwise(tokens) if pair in ranks]:
        tokens = _merge_pair(tokens, min(known, key=ranks.__getitem__))
    return tokens


def spell(tokens: Iterable[str]) -> str:
    """The text that tokens stand for, a space after each word; half characters become U+FFFD.

    >>> spell(["caf", "Ã©</w>"])
    'café '
    """
    letters = bytearray()
    for token in tokens:
        symbols = token.removesuffix(END_OF_WORD)
        letters += bytes(_BYTES[symbol] for symbol in symbols)
        letters += b" " * (symbols != token)
    return letters.decode(errors="replace")


def _merge_pair(tokens: tuple[str, ...], pair: Pair) -> tuple[str, ...]:
    merged: list[str] = []
    position = 0
    while position < len(tokens):
        if tokens[position : position + 2] == pair:
            merged.append("".join(pair))
            position += 2
        else:
            merged.append(tokens[position])
            position += 1
    return tuple(merged)
