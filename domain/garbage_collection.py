"""Python's search for objects that only hold each other."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def collection_paused() -> Iterator[None]:
    """Search for none inside, where a million objects are made that stay.

    Each search looks at all of them again: a tenth of the time that a conversion takes. What is
    found no more is found afterwards. Where nobody searches anyway, that stays so.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
