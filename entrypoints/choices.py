"""Words that stand for members of an enumeration."""

import enum
from typing import TypeVar

from ..domain.errors import InvalidRequest

_Member = TypeVar("_Member", bound=enum.Enum)


def chosen(kind: type[_Member], option: str, word: str) -> _Member:
    """Find the member that has the word for its value. Raises InvalidRequest, which lists them.

    >>> import enum
    >>> chosen(enum.Enum("Side", {"LEFT": "left"}), "--side", "left").name
    'LEFT'
    """
    try:
        return kind(word)
    except ValueError as error:
        words = ", ".join(str(member.value) for member in kind)
        raise InvalidRequest(option, f"{word!r} is none of {words}") from error
