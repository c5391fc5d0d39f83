"""`coreml-sd chunk_mlprogram`: Apple's tool that cuts a UNet in two."""

from pathlib import Path

import typer

from ...settings import Settings
from ..named_folder import named_folder
from .arguments import AppleParser

EXAMPLES = """\b
What Apple's README says, after the name of the tool:
  coreml-sd chunk_mlprogram --mlpackage-path packages/Unet.mlpackage -o chunks
"""


def parser() -> AppleParser:
    """All flags with Apple's defaults."""
    made = AppleParser(
        "chunk_mlprogram", "Cut a package in two with the flags of Apple's tool.", EXAMPLES
    )
    made.add_argument("--mlpackage-path", required=True, help="the package")
    made.add_argument("-o", required=True, help="folder for the chunks")
    made.flag("--remove-original", "remove the package once its chunks are there")
    made.flag("--check-output-correctness", "compare the chunks with the package")
    made.flag("--merge-chunks-in-pipeline-model", "write one package that holds both instead")
    return made


def chunk_mlprogram(context: typer.Context) -> None:
    """Cut a package in two with the flags of Apple's chunk_mlprogram, and print the paths."""
    arguments = parser().parse_args(context.args)
    from ....application.chunk import ChunkOptions  # noqa: PLC0415 - help is answered without NumPy
    from ...package_tools import PackageTools  # noqa: PLC0415 - see above

    options = ChunkOptions(
        merge=arguments.merge_chunks_in_pipeline_model,
        check=arguments.check_output_correctness,
        remove_original=arguments.remove_original,
    )
    container = PackageTools(settings=Settings.from_environment())
    package, folder = named_folder(Path(arguments.mlpackage_path)), Path(arguments.o)
    for path in container.chunk()(package, folder, options):
        typer.echo(path)
