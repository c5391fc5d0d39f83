"""`coreml-sd`: the front page of the command line."""

import gc
from typing import Annotated

import typer

from ... import __version__
from .apple.commands import offer as offer_apples_commands
from .bundle import EXAMPLES as BUNDLE_EXAMPLES
from .bundle import bundle
from .chunk import EXAMPLES as CHUNK_EXAMPLES
from .chunk import chunk
from .compile import EXAMPLES as COMPILE_EXAMPLES
from .compile import compile as compile_package
from .compress import EXAMPLES as COMPRESS_EXAMPLES
from .compress import compress
from .convert import EXAMPLES as CONVERT_EXAMPLES
from .convert import convert
from .decompile import EXAMPLES as DECOMPILE_EXAMPLES
from .decompile import decompile
from .describe import EXAMPLES as DESCRIBE_EXAMPLES
from .describe import describe as describe_folder
from .diff import EXAMPLES as DIFF_EXAMPLES
from .diff import diff
from .download import EXAMPLES as DOWNLOAD_EXAMPLES
from .download import download
from .failures import ClearGroup
from .generate import EXAMPLES as GENERATE_EXAMPLES
from .generate import generate
from .info import EXAMPLES as INFO_EXAMPLES
from .info import info
from .inspect import EXAMPLES as INSPECT_EXAMPLES
from .inspect import inspect
from .publish import EXAMPLES as PUBLISH_EXAMPLES
from .publish import publish
from .run import EXAMPLES as RUN_EXAMPLES
from .run import run
from .verify import EXAMPLES as VERIFY_EXAMPLES
from .verify import verify

EPILOGUE = """\b
Draw a picture with the small model that is built in:
  coreml-sd generate "a red circle on a blue background"

\b
Convert a checkpoint of the Hub, then draw with it:
  coreml-sd convert stable-diffusion-v1-5/stable-diffusion-v1-5 -o sd15
  coreml-sd generate "an astronaut on a horse" -m sd15

\b
Three variables of the environment count:
  COREML_SD_CACHE    where models are converted that have no folder of their own
  COREML_SD_THREADS  how many threads the reference runtime and OpenVINO may use
  COREML_SD_DEVICE   what the reference runtime computes on: cpu, cuda or mps
"""

app = typer.Typer(
    cls=ClearGroup,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command(epilog=GENERATE_EXAMPLES)(generate)
app.command(epilog=INFO_EXAMPLES)(info)
app.command(epilog=CONVERT_EXAMPLES)(convert)
app.command(epilog=COMPRESS_EXAMPLES)(compress)
app.command(epilog=BUNDLE_EXAMPLES)(bundle)
app.command("describe", epilog=DESCRIBE_EXAMPLES)(describe_folder)
app.command(epilog=CHUNK_EXAMPLES)(chunk)
app.command(epilog=DOWNLOAD_EXAMPLES)(download)
app.command(epilog=PUBLISH_EXAMPLES)(publish)
app.command(epilog=VERIFY_EXAMPLES)(verify)
app.command(epilog=COMPILE_EXAMPLES)(compile_package)
app.command(epilog=DECOMPILE_EXAMPLES)(decompile)
app.command(epilog=INSPECT_EXAMPLES)(inspect)
app.command(epilog=DIFF_EXAMPLES)(diff)
app.command(epilog=RUN_EXAMPLES)(run)

offer_apples_commands(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"coreml-sd {__version__}")
        raise typer.Exit


@app.callback(epilog=EPILOGUE)
def describe(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version"),
    ] = False,
) -> None:
    """Convert Stable Diffusion models to Core ML and generate images with them, on any machine."""


def main() -> None:
    """Run the command line."""
    try:
        app(prog_name="coreml-sd")
    finally:
        # Python looks at every object several times before it ends; after a conversion for seconds.
        gc.freeze()
