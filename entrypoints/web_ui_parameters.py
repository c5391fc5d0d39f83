"""The settings of a picture as AUTOMATIC1111's web UI writes them below its prompt."""

import contextlib
import json
import re
from collections.abc import Iterator

_NEGATIVE = "Negative prompt:"
_NAME = re.compile(r"\w[\w \-/]+")
_JSON = json.JSONDecoder()
#: A line with fewer settings is a line of a prompt.
_FEWEST = 3


def read_parameters(text: str) -> dict[str, str]:
    r"""The prompts and the settings by their names, in the order in which they stand.

    >>> read_parameters("a cat\nNegative prompt: blur\nSteps: 20, Sampler: Euler a, Seed: 3")
    {'Prompt': 'a cat', 'Negative prompt': 'blur', 'Steps': '20', 'Sampler': 'Euler a', 'Seed': '3'}
    """
    *lines, last = text.strip().split("\n")
    found = list(_settings(last))
    if len(found) < _FEWEST:
        lines, found = [*lines, last], []
    prompts: dict[str, list[str]] = {"Prompt": [], "Negative prompt": []}
    name = "Prompt"
    for line in lines:
        if line.startswith(_NEGATIVE):
            name = "Negative prompt"
        prompts[name].append(line.removeprefix(_NEGATIVE).strip())
    texts = {name: "\n".join(told) for name, told in prompts.items() if told}
    return texts | dict(found)


def _settings(line: str) -> Iterator[tuple[str, str]]:
    """Names before colons, and what follows up to a comma or is text in quotation marks."""
    while ":" in line:
        before, _, after = line.partition(":")
        value, line = _value(after.lstrip())
        name = before.rpartition(",")[2].strip()
        if _NAME.fullmatch(name):
            yield name, value


def _value(text: str) -> tuple[str, str]:
    """The value that a text begins with, and the rest; the web UI quotes as JSON does."""
    if text.startswith('"'):
        with contextlib.suppress(ValueError):
            value, end = _JSON.raw_decode(text)
            rest = text[end:].lstrip()
            if rest[:1] in ("", ","):
                return value, rest
    value, _, rest = text.partition(",")
    return value.strip(), rest
