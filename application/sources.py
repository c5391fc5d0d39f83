"""Which of several sources is the one to ask."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from ..domain.errors import NotACheckpoint


class _Knowing(Protocol):
    def knows(self, model: str) -> bool: ...


_Source = TypeVar("_Source", bound=_Knowing)


def source_of(sources: Iterable[_Source], model: str) -> _Source:
    """The first that knows what the user calls a model. Raises NotACheckpoint."""
    for source in sources:
        if source.knows(model):
            return source
    raise NotACheckpoint(model, "there is no such folder, and a Hub id reads OWNER/NAME")
