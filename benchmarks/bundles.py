"""What compiling a package costs, and decompiling, inspecting and comparing what came of it.

Each command runs in a process of its own, whose peak of resident memory the kernel tells. Weights
are linked where --work is on the package's disk and copied where it is not.

    python benchmarks/bundles.py Unet.mlpackage --json bundles.json
"""

import tempfile
from pathlib import Path

import attrs
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.inspection import inspect_program
from cost import Cost, measured
from report import arguments, print_table, write


def command(*words: str | Path) -> Cost:
    """Run a command of coreml-sd."""
    return measured("-m", "coreml_stable_diffusion", *words)


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
            "compile": command("compile", package, "-o", folder),
            "decompile": command("decompile", bundle, "-o", folder),
            "inspect": command("inspect", bundle, "--json"),
            "diff": command("diff", package, back),
        }
    weight_bytes = inspect_program(MlPackageReader().read(package)).weight_bytes
    rows = [
        [
            name,
            f"{cost.wall_seconds:.2f}",
            f"{cost.cpu_seconds:.2f}",
            f"{cost.peak_bytes / 2**20:.0f}",
        ]
        for name, cost in costs.items()
    ]
    title = f"{package.name}: {weight_bytes / 1e9:.2f} GB of weights"
    print_table(title, ["command", "wall s", "CPU s", "peak MiB"], rows)
    figures = {name: attrs.asdict(cost) for name, cost in costs.items()}
    write(options.json, {"weight_bytes": weight_bytes, **figures})


if __name__ == "__main__":
    main()
