r"""How CLIP cleans a text and cuts it into words.

The words are those of CLIP's pattern `'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`.
"""

import re
import unicodedata
from collections.abc import Iterator

# Python's \s also matches the separators 0x1C to 0x1F, which Unicode does not call white space.
_WHITE_SPACE = re.compile(r"[^\S\x1c-\x1f]+")
# A name of a special token is no token where it appears only after lower-casing, but three words.
_FIXED_WORD = re.compile(r"(<\|)((?:start|end)oftext)(\|>)|('s|'t|'re|'ve|'m|'ll|'d)")


def normalise(text: str) -> str:
    r"""Compose characters (NFC), make every run of white space one space, and lower the case.

    >>> normalise("A  Café\n")
    'a café '
    """
    composed = _WHITE_SPACE.sub(" ", unicodedata.normalize("NFC", text))
    # Each character by itself: str.lower() knows that a sigma may be final, CLIP does not.
    return "".join(character.lower() for character in composed)


def split_words(text: str) -> Iterator[str]:
    """Cut a normalised text into contractions, runs of letters, single digits and runs of the rest.

    >>> list(split_words("it's 4k, i'm sure"))
    ['it', "'s", '4', 'k', ',', 'i', "'m", 'sure']
    """
    position = 0
    while position < len(text):
        if fixed := _FIXED_WORD.match(text, position):
            yield from filter(None, fixed.groups())
            position = fixed.end()
            continue
        end = _run_end(text, position)
        if text[position] != " ":
            yield text[position:end]
        position = end


def _run_end(text: str, start: int) -> int:
    kind, end = _kind(text[start]), start + 1
    while kind != "N" and end < len(text) and _kind(text[end]) == kind:
        end += 1
    return end


def _kind(character: str) -> str:
    major = unicodedata.category(character)[0]
    return major if character == " " or major in "LN" else "other"
