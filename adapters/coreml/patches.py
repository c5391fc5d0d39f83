"""Functions of coremltools, replaced for a while."""

import contextlib
import importlib
from collections.abc import Callable, Iterator
from typing import Any

import attrs


@attrs.frozen
class Patch:
    """`replace` makes the new function of the old one at `place`, "module:name" or "module:a.b"."""

    place: str
    replace: Callable[[Any], Any]

    def owner(self) -> tuple[Any, str]:
        """The module or class that has the function, and its name there.

        Raises ImportError or AttributeError where this coremltools has none.
        """
        module, _, path = self.place.partition(":")
        *owners, name = path.split(".")
        owner: Any = importlib.import_module(module)
        for each in owners:
            owner = getattr(owner, each)
        # What is inherited is to be replaced where it is written down.
        if name not in vars(owner):
            raise AttributeError(self.place)
        return owner, name


@contextlib.contextmanager
def patched(*patches: Patch) -> Iterator[None]:
    """Replace functions inside; whatever happens, the old ones are put back.

    Raises ImportError or AttributeError where one is not there.
    """
    with contextlib.ExitStack() as restored:
        for patch in patches:
            owner, name = patch.owner()
            # As it is written down: a static method stays one.
            old = vars(owner)[name]
            restored.callback(setattr, owner, name, old)
            setattr(owner, name, patch.replace(getattr(old, "__func__", old)))
        yield


def is_there(patch: Patch) -> bool:
    """Whether this coremltools has the function."""
    try:
        patch.owner()
    except (ImportError, AttributeError):
        return False
    return True
