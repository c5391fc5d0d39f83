"""Learns a CLIP-format vocabulary: byte-pair merges over the words of the captions.

Layout of vocab.json as in OpenAI's CLIP: 256 bytes, 256 bytes that end a word, merges, start, end.
"""

import itertools
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from transformers.convert_slow_tokenizer import bytes_to_unicode

_END_OF_WORD = "</w>"
START, END = "<|startoftext|>", "<|endoftext|>"
_Word = tuple[str, ...]
_Pair = tuple[str, str]


def learn_merges(texts: Iterable[str]) -> list[_Pair]:
    """Merge the most frequent neighbours until every word of the texts is one token."""
    to_unicode = bytes_to_unicode()
    counts: Counter[_Word] = Counter()
    for word in (word for text in texts for word in text.split()):
        letters = [to_unicode[byte] for byte in word.encode()]
        counts[(*letters[:-1], letters[-1] + _END_OF_WORD)] += 1
    merges: list[_Pair] = []
    while pairs := _count_pairs(counts):
        merges.append(max(pairs, key=lambda pair: (pairs[pair], pair)))
        counts = Counter({_merge(word, merges[-1]): count for word, count in counts.items()})
    return merges


def write_vocabulary(merges: list[_Pair], folder: Path) -> None:
    """Write `vocab.json` and `merges.txt` as CLIP's tokenizers read them."""
    symbols = list(bytes_to_unicode().values())
    tokens = [*symbols, *(symbol + _END_OF_WORD for symbol in symbols)]
    tokens += [*("".join(pair) for pair in merges), START, END]
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {token: index for index, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _count_pairs(counts: Counter[_Word]) -> Counter[_Pair]:
    pairs: Counter[_Pair] = Counter()
    for word, count in counts.items():
        for pair in itertools.pairwise(word):
            pairs[pair] += count
    return pairs


def _merge(word: _Word, pair: _Pair) -> _Word:
    merged: list[str] = []
    for symbol in word:
        if merged and (merged[-1], symbol) == pair:
            merged[-1] += symbol
        else:
            merged.append(symbol)
    return tuple(merged)
