"""The settings of a picture as AUTOMATIC1111's web UI writes them below its prompt."""

import re

_NEGATIVE = "Negative prompt:"
_SETTING = re.compile(r"\s*(\w[\w \-/]+):\s*(\"(?:\\.|[^\\\"])+\"|[^,]*)(?:,|$)")
#: A line with fewer settings is a line of a prompt.
_FEWEST = 3


def read_parameters(text: str) -> dict[str, str]:
    r"""The prompts and the settings by their names, in the order in which they stand.

    >>> read_parameters("a cat\nNegative prompt: blur\nSteps: 20, Sampler: Euler a, Seed: 3")
    {'Prompt': 'a cat', 'Negative prompt': 'blur', 'Steps': '20', 'Sampler': 'Euler a', 'Seed': '3'}
    """
    *lines, last = text.strip().split("\n")
    found = _SETTING.findall(last)
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


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if quoted else value.strip()
