"""Writes docs/reference/ops.md from the table of operations; `make docs` runs it."""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

from ....domain.mil import decompression
from .catalogue import FAMILIES
from .refused import REFUSED

_OPENING = """\
# The operations of the reference runtime

<!-- Written by `make docs` from the table of operations; a test sees that it is up to date. -->

What coremltools 9 can write for the operation sets iOS15 to iOS18 is either computed or refused
when a package is loaded, all that is refused named at once. Nothing is approximated.
"""


def manual() -> str:
    """What is covered, family by family, and what is refused, as one Markdown page."""
    families = {each: each.OPERATIONS for each in FAMILIES}
    families[decompression] = decompression.DECOMPRESSIONS
    covered = [
        line for family, functions in families.items() for line in _family(family, functions)
    ]
    refused = [f"- {reason}: {_listed(names)}." for reason, names in REFUSED.items()]
    return "\n".join([_OPENING, "## Computed", "", *covered, "## Refused", "", *refused, ""])


def _family(family: ModuleType, functions: Mapping[str, Callable[..., object]]) -> Iterator[str]:
    title = (inspect.getdoc(family) or "").splitlines()[0].rstrip(".:")
    yield f"### {title}"
    yield ""
    explained = {name: each for name, each in functions.items() if each.__doc__}
    for name in sorted(explained):
        sentence = (inspect.getdoc(explained[name]) or "").splitlines()[0]
        yield f"- `{name}`: {sentence.replace('*', '&ast;')}"
    if plain := sorted(functions.keys() - explained.keys()):
        yield f"- {_listed(plain)}: as their names say."
    yield ""


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{each}`" for each in names)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(manual(), encoding="utf-8")
