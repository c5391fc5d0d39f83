r"""Prompts with weights, in the syntax of AUTOMATIC1111's web UI.

`(more)` counts 1.1 times, `[less]` as much less, `(some:1.3)` 1.3 times, and what is nested counts
the product. A bracket that is never closed reaches to the end, one that was never opened is text,
and so is one after a backslash. `BREAK` begins a new chunk of tokens.
"""

import math
import re

import attrs

from ..errors import InvalidRequest

_USUAL, _MORE, _LESS = 1.0, 1.1, 1 / 1.1
_PIECE = re.compile(
    r"""
      \\ (?P<escaped> [()\[\]\\]? )
    | (?P<opening> [(\[] )
    | : \s* (?P<weight> [+-]? (?: \d+ (?: \.\d* )? | \.\d+ ) ) \s* \)
    | (?P<closing> [)\]] )
    | (?P<text> [^\\()\[\]:]+ | : )
    """,
    re.VERBOSE,
)
_BREAK = re.compile(r"\bBREAK\b")
_OPENING = {")": "(", "]": "["}
_FACTOR = {"(": _MORE, "[": _LESS}


@attrs.frozen
class WeightedText:
    """A piece of a prompt and how many times as much as usual it counts."""

    text: str
    weight: float = _USUAL

    def __attrs_post_init__(self) -> None:
        if not math.isfinite(self.weight):
            raise InvalidRequest("PROMPT", f"the weight of {self.text!r} is too large")


@attrs.define
class _Reading:
    """What was read so far: pieces that may yet be weighted (None is a break), open brackets."""

    texts: list[str | None] = attrs.field(factory=list)
    weights: list[float] = attrs.field(factory=list)
    opened: dict[str, list[int]] = attrs.field(factory=lambda: {"(": [], "[": []})

    def add(self, text: str | None) -> None:
        self.texts.append(text)
        self.weights.append(_USUAL)

    def add_with_breaks(self, text: str) -> None:
        """The text, and None for each break; blanks around a break belong to it."""
        *before, last = _BREAK.split(text)
        for number, piece in enumerate(before):
            self.add(piece.strip() if number else piece.rstrip())
            self.add(None)
        self.add(last.lstrip() if before else last)

    def weight_from(self, position: int, factor: float) -> None:
        for index in range(position, len(self.weights)):
            self.weights[index] *= factor


def weighted_parts(prompt: str) -> tuple[tuple[WeightedText, ...], ...]:
    """The parts of a prompt between its breaks; neighbours of one weight are one text.

    >>> weighted_parts("a [red] circle")
    ((WeightedText(text='a ', weight=1.0), WeightedText(text='red', weight=0.9090909090909091), \
WeightedText(text=' circle', weight=1.0)),)
    """
    reading = _Reading()
    for piece in _PIECE.finditer(prompt):
        _read(piece, reading)
    for bracket, positions in reading.opened.items():
        for position in positions:
            reading.weight_from(position, _FACTOR[bracket])
    return _parts(reading)


def _read(piece: re.Match[str], reading: _Reading) -> None:
    match piece.lastgroup:
        case "opening":
            reading.opened[piece[0]].append(len(reading.texts))
        case "weight" if reading.opened["("]:
            reading.weight_from(reading.opened["("].pop(), float(piece["weight"]))
        case "closing" if reading.opened[_OPENING[piece[0]]]:
            bracket = _OPENING[piece[0]]
            reading.weight_from(reading.opened[bracket].pop(), _FACTOR[bracket])
        case "escaped":
            reading.add(piece["escaped"])
        case _:
            reading.add_with_breaks(piece[0])


def _parts(reading: _Reading) -> tuple[tuple[WeightedText, ...], ...]:
    parts: list[list[WeightedText]] = [[]]
    for text, weight in zip(reading.texts, reading.weights, strict=True):
        if text is None:
            parts.append([])
        elif text and parts[-1] and parts[-1][-1].weight == weight:
            parts[-1][-1] = WeightedText(parts[-1][-1].text + text, weight)
        elif text:
            parts[-1].append(WeightedText(text, weight))
    return tuple(map(tuple, parts))
