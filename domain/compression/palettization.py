"""How weights are to be palettized."""

import attrs

from ..errors import InvalidRequest

BITS = (1, 2, 3, 4, 6, 8)


@attrs.frozen(kw_only=True)
class Palettization:
    """What becomes of weights: indices of so many `bits` into palettes.

    There is one palette for each tensor, or one for each `group_size` of its output channels.
    Embedding tables are left alone unless they are included. Raises InvalidRequest.
    """

    bits: int
    group_size: int | None = None
    include_embeddings: bool = False

    def __attrs_post_init__(self) -> None:
        if self.bits not in BITS:
            raise InvalidRequest("--nbits", f"{self.bits} is none of {', '.join(map(str, BITS))}")
        if self.group_size is not None and self.group_size < 1:
            raise InvalidRequest("--group-size", f"{self.group_size} is not at least 1")

    def groups(self, channels: int) -> int:
        """How many groups so many channels make; 0 where they make no whole number of groups."""
        if self.group_size is None:
            return 1
        return 0 if channels % self.group_size else channels // self.group_size
