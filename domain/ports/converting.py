"""How a recorded network becomes a package."""

from pathlib import Path
from typing import Protocol

from ..conversion.plan import ConversionPlan
from ..conversion.traced_network import TracedNetwork


class PackageConverter(Protocol):
    """Turns a recorded network into an ML Program package."""

    def convert(self, network: TracedNetwork, plan: ConversionPlan, package: Path) -> None:
        """Write `package`, a folder that does not exist yet.

        Raises ConversionFailed, and UnwritableOutput where the disk refuses.
        """
        ...
