"""A pipeline in which other networks stand for some of the packages."""

from collections.abc import Mapping
from pathlib import Path
from typing import final

import attrs

from ..coreml.compute_unit import ComputeUnit
from ..ports.networks import Network, NetworkRuntime


@final
@attrs.frozen
class SubstitutingRuntime(NetworkRuntime):
    """Gives the substitute of a package where there is one, and loads all others."""

    runtime: NetworkRuntime
    substitutes: Mapping[Path, Network]

    def require_available(self) -> None:
        """Raise as the runtime does; see the port."""
        self.runtime.require_available()

    def load(self, package: Path, compute_unit: ComputeUnit = ComputeUnit.ALL) -> Network:
        """Load the package unless it has a substitute; see the port."""
        if package in self.substitutes:
            return self.substitutes[package]
        return self.runtime.load(package, compute_unit)
