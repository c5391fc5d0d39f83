"""CLIP's vocabulary: the tokens, their ids, and the order in which byte pairs merge."""

import json
from collections.abc import Mapping
from functools import cached_property
from itertools import count, takewhile

import attrs

from ..errors import MalformedVocabulary

START_OF_TEXT = "<|startoftext|>"
END_OF_TEXT = "<|endoftext|>"
TOKENS_FILE, MERGES_FILE = "vocab.json", "merges.txt"

Pair = tuple[str, str]


@attrs.frozen(kw_only=True)
class Vocabulary:
    """The ids of all tokens, and the rank of every merge; pairs of a lower rank merge first."""

    ids: Mapping[str, int] = attrs.field(repr=False)
    ranks: Mapping[Pair, int] = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        for token in (START_OF_TEXT, END_OF_TEXT):
            if token not in self.ids:
                raise MalformedVocabulary(TOKENS_FILE, f"it has no token {token}")

    @property
    def start_id(self) -> int:
        """The id that every text begins with."""
        return self.ids[START_OF_TEXT]

    @property
    def end_id(self) -> int:
        """The id that every text ends with; it also stands for what has no token."""
        return self.ids[END_OF_TEXT]

    @cached_property
    def learned(self) -> Mapping[str, tuple[str, ...]]:
        """Words that were added to CLIP's tokens, and the tokens that each stands for.

        Of a word with several vectors the others are called WORD_1, WORD_2 and so on, as diffusers
        does it.
        """
        merged = {left + right for left, right in self.ranks}
        added = {
            token
            for token in self.ids.keys() - merged - {START_OF_TEXT, END_OF_TEXT}
            if len(token.removesuffix("</w>")) > 1
        }
        words: dict[str, tuple[str, ...]] = {}
        for token in added:
            word, _, number = token.rpartition("_")
            if not (word in added and number.isdecimal()):
                more = takewhile(added.__contains__, (f"{token}_{n}" for n in count(1)))
                words[token] = (token, *more)
        return words

    def id_of(self, token: str) -> int:
        """The token's id, or the end token's where there is no such token, as CLIP has it."""
        return self.ids.get(token, self.end_id)


def parse_vocabulary(vocab_json: str, merges_txt: str) -> Vocabulary:
    r"""Read the texts of `vocab.json` and `merges.txt`, in the format of OpenAI's CLIP.

    Raises MalformedVocabulary, which names the file.

    >>> ids = '{"a": 0, "b</w>": 1, "ab</w>": 2, "<|startoftext|>": 3, "<|endoftext|>": 4}'
    >>> parse_vocabulary(ids, "#version: 0.2\na b</w>\n").ranks
    {('a', 'b</w>'): 0}
    """
    return Vocabulary(ids=_parse_ids(vocab_json), ranks=_parse_ranks(merges_txt))


def _parse_ids(vocab_json: str) -> dict[str, int]:
    try:
        ids = json.loads(vocab_json)
    except json.JSONDecodeError as error:
        raise MalformedVocabulary(TOKENS_FILE, f"it is not JSON ({error})") from error
    if not isinstance(ids, dict) or not all(type(each) is int for each in ids.values()):
        raise MalformedVocabulary(TOKENS_FILE, "it does not give every token a number")
    return ids


def _parse_ranks(merges_txt: str) -> dict[Pair, int]:
    ranks: dict[Pair, int] = {}
    # Only the first line is a comment: CLIP has merges that begin with "#".
    for number, line in enumerate(merges_txt.split("\n"), start=1):
        if not line.strip() or (number == 1 and line.startswith("#version")):
            continue
        match line.split():
            case [left, right]:
                ranks.setdefault((left, right), len(ranks))
            case _:
                raise MalformedVocabulary(MERGES_FILE, f"line {number} is not a pair of tokens")
    return ranks
