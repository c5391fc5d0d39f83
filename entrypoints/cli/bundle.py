"""`coreml-sd bundle`: a folder of packages becomes the one that Apple's Swift package loads."""

from pathlib import Path
from typing import Annotated

import typer

from ..settings import Settings
from . import options
from .named_folder import named_folder

EXAMPLES = """\b
Compile all packages of a folder into sd15/Resources:
  coreml-sd bundle sd15

\b
Make the archive for a repository of the Hub that Hugging Face's app can load:
  coreml-sd bundle sd15 --zip me/coreml-stable-diffusion-v1-5
"""

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="A folder of packages.", show_default=False)
]
Resources = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="DIR", help="Folder for the bundles; DIR/Resources if left out."
    ),
]
Zip = Annotated[
    str | None,
    typer.Option(
        "--zip",
        metavar="REPOSITORY",
        help="Pack it as well, into NAME_original_compiled.zip or as attention is written, which"
        " Hugging Face's app downloads from that repository.",
    ),
]


def bundle(
    *,
    folder: Folder,
    output: Resources = None,
    zip_for: Zip = None,
    quiet: options.Quiet = False,
) -> None:
    """Compile a folder of packages for Apple's Swift package and print the folder, on any machine.

    Bundles stand in it under the names that Apple's code looks for, with the tokenizer's files;
    those that are current are kept. `coreml-sd generate -m` takes the folder too.
    """
    from ..container import Container  # noqa: PLC0415 - help is answered without adapters

    use_case = Container(settings=Settings.from_environment(quiet=quiet)).bundle()
    resources = use_case(folder, output and named_folder(output))
    typer.echo(resources)
    if zip_for is not None:
        typer.echo(use_case.archive(resources, zip_for))
