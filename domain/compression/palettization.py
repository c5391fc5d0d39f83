"""How weights are to be palettized."""

import attrs

from ..coreml.deployment_target import DeploymentTarget
from ..errors import InvalidRequest

BITS = (1, 2, 3, 4, 6, 8)
# Core ML before iOS 18 has no indices of 3 bits and only one palette for each tensor.
_NEWER = "need a program for iOS 18 or macOS 15; convert with --min-deployment-target iOS18"


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

    def require_old_systems(self) -> None:
        """Raise InvalidRequest where systems before iOS 18 and macOS 15 cannot do this."""
        if self.bits == 3:
            raise InvalidRequest("--nbits", f"3 bits {_NEWER}")
        if self.group_size is not None:
            raise InvalidRequest("--group-size", f"groups {_NEWER}")

    def require_target(self, target: DeploymentTarget) -> None:
        """Raise InvalidRequest where the oldest of the systems cannot do this."""
        if not target.is_of_2024:
            self.require_old_systems()

    def __str__(self) -> str:
        """Say it for a message.

        >>> str(Palettization(bits=4, group_size=16, include_embeddings=True))
        '4 bits in groups of 16, embeddings too'
        """
        groups = "" if self.group_size is None else f" in groups of {self.group_size}"
        embeddings = ", embeddings too" if self.include_embeddings else ""
        return f"{self.bits} bits{groups}{embeddings}"
