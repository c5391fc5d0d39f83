"""Byte-pair encoding: a word as bytes under printable names, merged pair by pair.

Sennrich et al. (2016), "Neural Machine Translation of Rare Words with Subword Units", over bytes as
in GPT-2; the last symbol of a word carries an end-of-word mark as in CLIP.
"""

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush
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

    Of equal pairs the first goes first. Long words without a space take little longer than others.

    >>> merge_word("abab", {("a", "b"): 0, ("a", "b</w>"): 1})
    ('ab', 'ab</w>')
    """
    *first, last = (_SYMBOLS[byte] for byte in word.encode())
    tokens = [*first, last + END_OF_WORD]
    end = len(tokens)
    before, after = list(range(-1, end - 1)), list(range(1, end + 1))
    known = [(ranks[pair], at) for at, pair in enumerate(pairwise(tokens)) if pair in ranks]
    heapify(known)
    while known:
        rank, left = heappop(known)
        right = after[left]
        # What was merged meanwhile is empty or makes another pair.
        if right == end or ranks.get((tokens[left], tokens[right])) != rank:
            continue
        tokens[left] += tokens[right]
        tokens[right] = ""
        after[left] = after[right]
        if after[left] < end:
            before[after[left]] = left
        for one, other in ((before[left], left), (left, after[left])):
            if one >= 0 and other < end and (pair := (tokens[one], tokens[other])) in ranks:
                heappush(known, (ranks[pair], one))
    return tuple(filter(None, tokens))


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
