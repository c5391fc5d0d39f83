"""The settings of a picture as AUTOMATIC1111's web UI writes them below its prompt."""

import re
from collections.abc import Iterator

_NEGATIVE = "Negative prompt:"
_MARK = re.compile(r'\\.|"|,')
_NAME = re.compile(r"\w[\w \-/]+")
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
    return texts | {name: _unquoted(value) for name, value in found}


def _settings(line: str) -> Iterator[tuple[str, str]]:
    for piece in _pieces(line):
        name, colon, value = piece.partition(":")
        if colon and _NAME.fullmatch(name.strip()):
            yield name.strip(), value.strip()


def _pieces(line: str) -> Iterator[str]:
    """What stands between commas, those within quotation marks aside."""
    start, quoted = 0, False
    for mark in _MARK.finditer(line):
        if mark[0] == '"':
            quoted = not quoted
        elif mark[0] == "," and not quoted:
            yield line[start : mark.start()]
            start = mark.end()
    yield line[start:]


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if quoted else value
