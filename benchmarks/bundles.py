"""What compiling a package costs, and decompiling, inspecting and comparing what came of it.

Each command runs in a process of its own, whose peak of resident memory the kernel tells. Weights
are linked where --work is on the package's disk and copied where it is not.

    python benchmarks/bundles.py Unet.mlpackage --json bundles.json
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.inspection import inspect_program
from report import arguments, print_table, write


def measured(*command: str | Path) -> dict[str, float]:
    """Run a command of coreml-sd: seconds, and the peak of memory in bytes."""
    begun = time.monotonic()
    module = [sys.executable, "-m", "coreml_stable_diffusion"]
    process = subprocess.Popen([*module, *map(str, command)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"coreml-sd {command[0]} failed")
    return {
        "wall_seconds": time.monotonic() - begun,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * 1024,
    }


def main() -> None:
    """Take one package there and back, and compare what came back."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("package", type=Path)
    parser.add_argument(
        "--work", type=Path, help="folder for the results; the package's if left out"
    )
    options = parser.parse_args()
    package: Path = options.package
    with tempfile.TemporaryDirectory(dir=options.work or package.parent) as folder:
        bundle = Path(folder, f"{package.stem}.mlmodelc")
        back = Path(folder, package.name)
        costs = {
            "compile": measured("compile", package, "-o", folder),
            "decompile": measured("decompile", bundle, "-o", folder),
            "inspect": measured("inspect", bundle, "--json"),
            "diff": measured("diff", package, back),
        }
    weight_bytes = inspect_program(MlPackageReader().read(package)).weight_bytes
    rows = [
        [
            name,
            f"{cost['wall_seconds']:.2f}",
            f"{cost['cpu_seconds']:.2f}",
            f"{cost['peak_bytes'] / 2**20:.0f}",
        ]
        for name, cost in costs.items()
    ]
    title = f"{package.name}: {weight_bytes / 1e9:.2f} GB of weights"
    print_table(title, ["command", "wall s", "CPU s", "peak MiB"], rows)
    write(options.json, {"weight_bytes": weight_bytes, **costs})


if __name__ == "__main__":
    main()
