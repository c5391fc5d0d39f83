"""`coreml-sd compress`: the weights of a package become palettes."""

from pathlib import Path
from typing import Annotated

import typer

from ...domain.compression.palettization import BITS, Palettization
from . import options

EXAMPLES = """\b
Compress a package into Unet_6bit.mlpackage beside it:
  coreml-sd compress Unet.mlpackage --nbits 6

\b
Compress it into another folder, where it keeps its name:
  coreml-sd compress Unet.mlpackage --nbits 4 -o small

\b
Compress a package for iOS 18 with a palette for every 16 channels:
  coreml-sd compress Unet.mlpackage --nbits 4 --group-size 16 --in-place
"""

_ENDING = ".mlpackage"

Bits = Annotated[
    int,
    typer.Option(
        "--nbits",
        metavar="N",
        help=f"Bits for each weight, out of {', '.join(map(str, BITS))}; 3 from iOS 18 on.",
        show_default=False,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="DIR|FILE",
        help="The new package, or its folder; beside the old with _Nbit in its name if left out.",
    ),
]
InPlace = Annotated[
    bool, typer.Option("--in-place", help="Replace the package; its float16 weights are lost.")
]
GroupSize = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="A palette for every N output channels, not one for each tensor; from iOS 18 on.",
    ),
]
IncludeEmbeddings = Annotated[
    bool, typer.Option("--include-embeddings", help="Compress embedding tables too.")
]


def compress(
    *,
    package: options.Package,
    nbits: Bits,
    output: Output = None,
    in_place: InPlace = False,
    group_size: GroupSize = None,
    include_embeddings: IncludeEmbeddings = False,
    quiet: options.Quiet = False,
) -> None:
    """Compress a package by palettizing its weights, and print its path.

    Every weight becomes an index of N bits into a palette of the values that fit its tensor best.
    Weights that are compressed already stay as they are.
    """
    from ..package_tools import PackageTools  # noqa: PLC0415 - help is answered without adapters
    from ..settings import Settings  # noqa: PLC0415 - see above

    palettization = Palettization(
        bits=nbits, group_size=group_size, include_embeddings=include_embeddings
    )
    destination = output and _package(package, output)
    container = PackageTools(settings=Settings.from_environment(quiet=quiet))
    typer.echo(container.compress()(package, palettization, destination, in_place=in_place))


def _package(package: Path, output: Path) -> Path:
    return output if output.suffix == _ENDING else output / package.name
