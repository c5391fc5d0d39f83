"""The words and signs of MIL text, one after another."""

import re
from collections.abc import Iterator

_SPACE = re.compile(r"\s*")
_TOKEN = re.compile(
    r"""(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<float>-?0x[0-9a-f]+(?:\.[0-9a-f]+)?p[+-][0-9]+)
    |(?P<version>[0-9]+\.[0-9]+)
    |(?P<integer>-?[0-9]+)
    |(?P<string>"(?:[^"\\\x00-\x1f]|\\["\\n])*")
    |(?P<sign>->|\.\.\.|[][(){}<>,=;?])
    |(?P<end>\Z)""",
    re.VERBOSE,
)
_SHOWN = 20
# More than 64 bits take; Python refuses to read thousands of them.
_MOST_DIGITS = 40


class Tokens:
    """A place in a text: the token at it, and the way on.

    Every method raises ValueError with the line where the text goes on in another way.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._begin = self._end = 0
        self._kind = self._token = ""
        self._move_on()

    @property
    def kind(self) -> str:
        """What the token is: name, float, version, integer, string, sign or end."""
        return self._kind

    def sees(self, *tokens: str) -> bool:
        """Whether the token is one of these signs or names."""
        return self._kind != "string" and self._token in tokens

    def skips(self, token: str) -> bool:
        """Pass over the token if it is this one; tells whether it was."""
        found = self.sees(token)
        if found:
            self._move_on()
        return found

    def expect(self, *tokens: str) -> None:
        """Pass over these signs or names."""
        for token in tokens:
            if not self.skips(token):
                raise self.failure(f"{token!r} is expected")

    def take(self, kind: str) -> str:
        """Pass over a token of a kind and give its text."""
        if self._kind != kind:
            raise self.failure(f"a {kind} is expected")
        token = self._token
        self._move_on()
        return token

    def take_integer(self) -> int:
        """Pass over a whole number and give it."""
        if self._kind == "integer" and len(self._token) > _MOST_DIGITS:
            raise self.failure("a number of fewer digits is expected")
        return int(self.take("integer"))

    def failure(self, problem: str) -> ValueError:
        """The error that says what is wrong here."""
        line = self._text.count("\n", 0, self._begin) + 1
        found = self._text[self._begin : self._begin + _SHOWN].split("\n")[0]
        return ValueError(f"line {line}: {problem} at {found!r}")

    def _move_on(self) -> None:
        space = _SPACE.match(self._text, self._end)
        self._begin = space.end() if space else self._end
        found = _TOKEN.match(self._text, self._begin)
        if found is None:
            raise self.failure("this is no MIL text")
        self._end = found.end()
        self._kind, self._token = found.lastgroup or "", found.group()


def separated(tokens: Tokens, closing: str) -> Iterator[int]:
    """Pass over the commas up to the closing sign, giving each element's number before it."""
    number = 0
    while not tokens.skips(closing):
        if number:
            tokens.expect(",")
        yield number
        number += 1
