"""`coreml-sd chunk`: a package becomes two that run one after another."""

from typing import Annotated

import typer

from ...domain.verification.threshold import PASSING_PSNR_DB
from ..settings import RuntimeChoice, Settings
from . import options

EXAMPLES = """\b
Cut a package into Unet_chunk1.mlpackage and Unet_chunk2.mlpackage beside it:
  coreml-sd chunk Unet.mlpackage

\b
Keep both chunks in one package, and compare it with the whole before it is kept:
  coreml-sd chunk Unet.mlpackage --merge-chunks-in-pipeline-model --check-output-correctness
"""

RemoveOriginal = Annotated[
    bool, typer.Option("--remove-original", help="Remove the package once its chunks are there.")
]
Merge = Annotated[
    bool,
    typer.Option(
        "--merge-chunks-in-pipeline-model",
        help="Write NAME_chunked_pipeline.mlpackage, which holds both chunks, instead of them.",
    ),
]
Check = Annotated[
    bool,
    typer.Option(
        "--check-output-correctness",
        help="Run the chunks beside the package, and keep them only"
        f" from {PASSING_PSNR_DB:g} dB up.",
    ),
]


def chunk(
    *,
    package: options.Package,
    output: options.OutputFolder = None,
    remove_original: RemoveOriginal = False,
    merge: Merge = False,
    check: Check = False,
    runtime: options.Runtime = RuntimeChoice.AUTO,
    quiet: options.Quiet = False,
) -> None:
    """Cut a package into two of near equal size and print their paths, on any machine.

    What runs at the cut passes from the first to the second under its own name, so that one after
    the other computes what the package does. Packages that are compressed stay so.
    """
    from ...application.chunk import ChunkOptions  # noqa: PLC0415 - help is answered without NumPy
    from ..package_tools import PackageTools  # noqa: PLC0415 - see above

    container = PackageTools(settings=Settings.from_environment(runtime=runtime, quiet=quiet))
    chosen = ChunkOptions(merge=merge, check=check, remove_original=remove_original)
    for path in container.chunk()(package, output, chosen):
        typer.echo(path)
