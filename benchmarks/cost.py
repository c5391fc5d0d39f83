"""What a process of its own takes, as the kernel tells it."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import attrs


@attrs.frozen(kw_only=True)
class Cost:
    """Seconds by the clock and on all processors together, and the peak of resident memory."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


def measured(*arguments: str | Path) -> Cost:
    """Run Python with these arguments; its errors are shown. Raises SystemExit where it fails."""
    begun = time.monotonic()
    command = [sys.executable, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed")
    return Cost(
        wall_seconds=time.monotonic() - begun,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=peak_bytes(usage),
    )


def peak_bytes(usage: resource.struct_rusage) -> int:
    """The peak of resident memory, which macOS tells in bytes and Linux in KiB."""
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
