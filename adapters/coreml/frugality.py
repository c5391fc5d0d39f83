"""What coremltools does again and again without need, left out for one conversion.

For the UNet of Stable Diffusion 1.5 this was a quarter of the time that conversion took.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from .patches import Patch, is_there, patched

_PROGRAM = "coremltools.converters.mil.mil:Program"
_BLOCK = "coremltools.converters.mil.mil:Block"


def _nothing(_original: Any) -> Callable[..., None]:
    def nothing(*_arguments: Any, **_options: Any) -> None:
        pass

    return nothing


def _short_text(_original: Any) -> Callable[..., str]:
    return lambda _program, *_arguments, **_options: "a program"


_PATCHES = (
    # Walks all operations after each of a hundred passes, to find mistakes of those who write them.
    Patch(f"{_PROGRAM}.validate", _nothing),
    # Finds again and again what must stay beside compressed weights, of which there are none yet.
    Patch(f"{_BLOCK}._propagate_nonreplaceable_vars", _nothing),
    # Twice a pipeline the whole program is made text for a log, whether anybody keeps it or not.
    Patch(f"{_PROGRAM}.__str__", _short_text),
)


@contextlib.contextmanager
def frugal_coremltools() -> Iterator[None]:
    """Convert without needless work inside; what this coremltools does not have is left alone."""
    with patched(*(each for each in _PATCHES if is_there(each))):
        yield
