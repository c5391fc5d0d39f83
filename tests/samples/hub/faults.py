"""What goes wrong on the way, on purpose."""

import re
from collections.abc import Callable

import attrs


@attrs.define
class Fault:
    """Befalls requests in whose method and path the pattern `where` is found, `times` times.

    With a `status` the request is answered with it and its `headers`; `cut_after` sends so many
    bytes of the body and closes; `body` is sent instead of the right one.
    """

    where: str
    times: int = 1
    status: int | None = None
    headers: dict[str, str] = attrs.field(factory=dict)
    cut_after: int | None = None
    body: Callable[[bytes], bytes] | None = None

    def befalls(self, request: str) -> bool:
        """Whether it strikes this request, and if so one time less."""
        if self.times < 1 or not re.search(self.where, request):
            return False
        self.times -= 1
        return True
