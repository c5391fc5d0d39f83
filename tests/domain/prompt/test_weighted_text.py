"""Weights of a prompt, as AUTOMATIC1111's web UI documents and reads them."""

import math
import re
import time
from itertools import pairwise

import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.prompt.weighted_text import weighted_parts
from hypothesis import given
from hypothesis import strategies as st

PIECES = ("(", ")", "[", "]", ":", ":1.3)", ": 0.5 )", "\\", "\\(", "a", " b", "BREAK", ".", "-2")
PROMPTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join)


@pytest.mark.parametrize("prompt", [f"(a:{'9' * 400})", f"((a:1{'0' * 200}):1{'0' * 200})"])
def test_a_weight_beyond_all_numbers_is_refused(prompt: str) -> None:
    with pytest.raises(InvalidRequest, match=r"^PROMPT: the weight of 'a' is too large"):
        weighted_parts(prompt)


def runs(prompt: str) -> list[tuple[str, float]]:
    [part] = weighted_parts(prompt)
    return [(run.text, run.weight) for run in part]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        # Those that the web UI's own documentation of its parser gives.
        ("normal text", [("normal text", 1.0)]),
        ("an (important) word", [("an ", 1.0), ("important", 1.1), (" word", 1.0)]),
        ("(unbalanced", [("unbalanced", 1.1)]),
        (r"\(literal\]", [("(literal]", 1.0)]),
        ("(unnecessary)(parens)", [("unnecessaryparens", 1.1)]),
        (
            "a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).",
            [
                ("a ", 1.0),
                ("house", 1.5730000000000004),
                (" ", 1.1),
                ("on", 1.0),
                (" a ", 1.1),
                ("hill", 0.55),
                (", sun, ", 1.1),
                ("sky", 1.4641000000000006),
                (".", 1.1),
            ],
        ),
        # Those of its wiki.
        ("a (((word)))", [("a ", 1.0), ("word", 1.1 * 1.1 * 1.1)]),
        ("a (word:1.5)", [("a ", 1.0), ("word", 1.5)]),
        ("a (word:0.25)", [("a ", 1.0), ("word", 0.25)]),
        (r"a \(word\)", [("a (word)", 1.0)]),
        # What no bracket was opened for is text.
        ("a) b]", [("a) b]", 1.0)]),
        ("a:1.3)", [("a:1.3)", 1.0)]),
        ("[a:1.3)", [("a:1.3)", 1 / 1.1)]),
        ("ratio 16:9", [("ratio 16:9", 1.0)]),
        ("(a:b)", [("a:b", 1.1)]),
        # No number, hence no weight.
        ("(a:1.2.3)", [("a:1.2.3", 1.1)]),
        ("(a:)", [("a:", 1.1)]),
        ("(a: -.5 )", [("a", -0.5)]),
        ("back\\slash \\\\", [("backslash \\", 1.0)]),
        ("", []),
        ("()[]", []),
    ],
)
def test_brackets_weigh_what_they_enclose(prompt: str, expected: list[tuple[str, float]]) -> None:
    assert runs(prompt) == expected


@pytest.mark.parametrize(
    ("prompt", "texts"),
    [
        ("a BREAK b", [["a"], ["b"]]),
        ("BREAK a\nBREAK", [[], ["a"], []]),
        (" a  BREAK\t b  BREAK c ", [[" a"], ["b"], ["c "]]),
        ("a BREAK BREAK b", [["a"], [], ["b"]]),
        ("BREAKFAST break a_BREAK", [["BREAKFAST break a_BREAK"]]),
        ("(a BREAK b) c", [["a"], ["b", " c"]]),
    ],
)
def test_break_begins_a_new_part(prompt: str, texts: list[list[str]]) -> None:
    assert [[run.text for run in part] for part in weighted_parts(prompt)] == texts


@pytest.mark.parametrize(
    "prompt",
    [" " * 50_000 + "x", "(a:" + "1" * 50_000, "BREAK " * 10_000, "\\" * 50_000, ":" * 50_000],
)
def test_a_prompt_that_is_made_to_be_slow_is_not(prompt: str) -> None:
    started = time.process_time()

    weighted_parts(prompt)

    assert time.process_time() - started < 5


def test_a_break_in_brackets_keeps_the_weight() -> None:
    assert [[run.weight for run in part] for part in weighted_parts("(a BREAK b)")] == [
        [1.1],
        [1.1],
    ]


def nested(prompt: str) -> list[tuple[str, float]]:
    """The weight of each character by looking outwards from it: which pairs is it between?"""
    marks = re.findall(r"\\[()\[\]\\]?|:\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*\)|.", prompt, re.DOTALL)
    pairs: list[tuple[int, int, float]] = []
    waiting: list[tuple[str, int]] = []
    silent: set[int] = set()
    for place, mark in enumerate(marks):
        if mark in ("(", "["):
            waiting.append((mark, place))
            silent.add(place)
            continue
        closes = {")": "(", "]": "["}.get(mark[-1]) if not mark.startswith("\\") else None
        partners = [each for each in waiting if each[0] == closes]
        if partners:
            waiting.remove(partners[-1])
            factor = 1 / 1.1 if mark == "]" else 1.1 if mark == ")" else float(mark[1:-1])
            pairs.append((partners[-1][1], place, factor))
            silent.add(place)
    pairs += [(place, len(marks), 1.1 if mark == "(" else 1 / 1.1) for mark, place in waiting]
    weighed: list[tuple[str, float]] = []
    for place, mark in enumerate(marks):
        if place not in silent:
            around = [factor for begin, end, factor in pairs if begin < place < end]
            text = mark.removeprefix("\\")
            weighed += [(character, math.prod(around)) for character in text]
    return weighed


@given(prompt=PROMPTS.filter(lambda text: "BREAK" not in text))
def test_each_character_weighs_the_product_of_the_brackets_around_it(prompt: str) -> None:
    [part] = weighted_parts(prompt)

    weighed = [(character, run.weight) for run in part for character in run.text]
    expected = nested(prompt)
    assert [character for character, _ in weighed] == [character for character, _ in expected]
    assert [weight for _, weight in weighed] == pytest.approx([weight for _, weight in expected])


@given(prompt=PROMPTS)
def test_every_prompt_has_parts_whose_neighbours_differ_in_weight(prompt: str) -> None:
    for part in weighted_parts(prompt):
        weights = [run.weight for run in part]
        assert all(one != other for one, other in pairwise(weights))
        assert all(run.text for run in part)
