"""What this machine is, as far as it decides which form of a model suits it."""

import subprocess
import sys

from ..domain.coreml.compute_unit import ComputeUnit
from ..domain.hub.choice import Machine
from .settings import RuntimeChoice, Settings

_PERFORMANCE_CORES = ("sysctl", "-n", "hw.perflevel0.physicalcpu")


def this_machine(settings: Settings, compute_unit: ComputeUnit) -> Machine:
    """The machine that will run the networks."""
    return Machine(
        has_core_ml=settings.runtime is RuntimeChoice.COREML,
        compute_unit=compute_unit,
        performance_cores=_performance_cores(sys.platform),
    )


def _performance_cores(platform: str) -> int:
    """The fast cores of Apple silicon; 0 where nobody knows."""
    if platform != "darwin":
        return 0
    told = subprocess.run(  # noqa: S603 - a fixed command of macOS
        _PERFORMANCE_CORES, capture_output=True, text=True, check=False
    )
    return int(told.stdout) if told.stdout.strip().isdecimal() else 0
