"""What every benchmark ends with: a table, and with --json its figures and where they arose."""

import argparse
import importlib.metadata
import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from coreml_stable_diffusion import __version__
from rich.console import Console
from rich.table import Table

_LIBRARIES = ("coremltools", "diffusers", "numpy", "torch", "transformers")


def arguments(description: str) -> argparse.ArgumentParser:
    """The options that every benchmark takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    return parser


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Show the figures to whoever ran the benchmark."""
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def write(path: Path | None, figures: Mapping[str, Any]) -> None:
    """Write the figures with the machine and the versions, where a path was given."""
    if path is None:
        return
    document = {**figures, "machine": machine(), "versions": versions()}
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def machine() -> dict[str, str | int | None]:
    """What the figures were measured on."""
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """The versions of the libraries that the figures depend on."""
    installed = {library: importlib.metadata.version(library) for library in _LIBRARIES}
    return {"coreml-stable-diffusion": __version__, **installed}


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
