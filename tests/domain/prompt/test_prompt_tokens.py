"""Prompts in chunks, cut where AUTOMATIC1111's web UI cuts them."""

import json

import pytest
from coreml_stable_diffusion.domain.prompt.prompt_tokens import PromptTokens, prompt_tokens
from coreml_stable_diffusion.domain.prompt.syntax import PromptSyntax
from coreml_stable_diffusion.domain.tokenizer.clip_tokenizer import ClipTokenizer
from coreml_stable_diffusion.domain.tokenizer.vocabulary import parse_vocabulary
from hypothesis import given
from hypothesis import strategies as st

#: Words of one letter, each a token of its own: a is 0, b is 1 and so on.
LETTERS = "abcdefghijklmnopqrstuvwxyz"
IDS = {f"{letter}</w>": place for place, letter in enumerate(LETTERS)}
COMMA, PADDING, START, END = 26, 27, 28, 29
SPECIAL = {",</w>": COMMA, "!": PADDING, "<|startoftext|>": START, "<|endoftext|>": END}
TOKENIZER = ClipTokenizer(
    vocabulary=parse_vocabulary(json.dumps(IDS | SPECIAL), ""),
    padding_token="!",  # noqa: S106 -- no password
)


def tokenized(prompt: str, *, length: int = 24, room: int = 9, plain: bool = False) -> PromptTokens:
    syntax = PromptSyntax.PLAIN if plain else PromptSyntax.A1111
    return prompt_tokens(prompt, TOKENIZER, syntax, length=length, room=room)


def words(tokens: PromptTokens) -> list[str]:
    """What the chunks hold between start and end, a letter each."""
    spelled = []
    for chunk in tokens.chunks:
        ids = chunk.ids[1 : chunk.ids.index(END)]
        spelled.append("".join("," if each == COMMA else LETTERS[each] for each in ids))
    return spelled


def test_a_chunk_is_framed_and_padded_and_weighs_its_tokens() -> None:
    [chunk] = tokenized("a (b:1.5) c", length=7).chunks

    assert chunk.ids == (START, 0, 1, 2, END, PADDING, PADDING)
    assert chunk.weights == (1.0, 1.0, 1.5, 1.0, 1.0, 1.0, 1.0)


def test_brackets_are_text_to_the_plain_syntax() -> None:
    [chunk] = tokenized("a (b:1.5) BREAK c", plain=True).chunks

    assert set(chunk.weights) == {1.0}
    assert len(chunk.ids) == 24


@pytest.mark.parametrize(
    ("prompt", "chunks"),
    [
        ("", [""]),
        ("BREAK", [""]),
        ("a BREAK", ["a"]),
        ("BREAK a", ["", "a"]),
        ("a BREAK BREAK b", ["a", "", "b"]),
        ("a BREAK BREAK", ["a", ""]),
        (" ".join(LETTERS), ["abcdefghijklmnopqrstuv", "wxyz"]),
        (" ".join(LETTERS[:22]) + " BREAK a", ["abcdefghijklmnopqrstuv", "a"]),
    ],
)
def test_a_chunk_ends_where_it_is_full_or_at_a_break(prompt: str, chunks: list[str]) -> None:
    assert words(tokenized(prompt)) == chunks


@pytest.mark.parametrize(
    ("letters", "chunks"),
    [
        # The comma is 1, then 19 tokens before the end of the full chunk, and the 20th.
        ("abcdefghijklmnopqrstu,wx", ["abcdefghijklmnopqrstu,", "wx"]),
        ("abcdefghijklmnopqrst,vwx", ["abcdefghijklmnopqrst,", "vwx"]),
        ("ab,defghijklmnopqrstuvw", ["ab,", "defghijklmnopqrstuvw"]),
        ("a,cdefghijklmnopqrstuvw", ["a,cdefghijklmnopqrstuv", "w"]),
        # What comes next is a comma itself, so nothing moves.
        ("abcdefgh,jklmnopqrstuv,x", ["abcdefgh,jklmnopqrstuv", ",x"]),
        # It fits to the last token.
        ("abcdefgh,jklmnopqrstuv", ["abcdefgh,jklmnopqrstuv"]),
    ],
)
def test_what_follows_a_near_comma_moves_on_with_the_next_chunk(
    letters: str, chunks: list[str]
) -> None:
    assert words(tokenized(" ".join(letters))) == chunks


def test_what_has_no_room_is_told_and_the_last_chunk_is_full() -> None:
    made = tokenized(" ".join("abcdefghijklmnopqrst,vwxyz") + " BREAK z", room=1)

    assert words(made) == ["abcdefghijklmnopqrst,v"]
    assert made.cut == "w x y z z"


@given(text=st.text(alphabet=LETTERS + ", ", max_size=90))
def test_one_plain_chunk_is_what_the_tokenizer_alone_gives(text: str) -> None:
    made = tokenized(text, room=1, plain=True)

    alone = TOKENIZER.encode(text, 24)
    assert (made.chunks[0].ids, made.cut) == (alone.ids, alone.cut)


@given(letters=st.lists(st.sampled_from(LETTERS + ","), max_size=100))
def test_chunks_hold_every_token_in_its_order(letters: list[str]) -> None:
    assert "".join(words(tokenized(" ".join(letters)))) == "".join(letters)
