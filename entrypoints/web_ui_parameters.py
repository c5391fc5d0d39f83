"""The settings of a picture as AUTOMATIC1111's web UI writes them below its prompt."""

import json
import re

_NEGATIVE = "Negative prompt:"
#: As the web UI reads them, but for the length of names, without which long lines take for ever.
_SETTING = re.compile(r'(\w[\w \-/]{1,99}):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
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
    return texts | {name: _unquoted(value.strip()) for name, value in found}


def _unquoted(value: str) -> str:
    """The text that the web UI wrote as JSON where it has a comma, a colon or lines."""
    try:
        return str(json.loads(value)) if value.startswith('"') else value
    except ValueError:
        return value
