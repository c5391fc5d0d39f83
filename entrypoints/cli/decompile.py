"""`coreml-sd decompile`: a bundle becomes a package again."""

import typer

from . import options

EXAMPLES = """\b
Turn a bundle that somebody published into a package:
  coreml-sd decompile Unet.mlmodelc -o packages
"""


def decompile(*, bundle: options.Bundle, output: options.OutputFolder = None) -> None:
    """Turn a .mlmodelc bundle back into a package and print its path.

    The package has the program and the weights of the one that was compiled.
    """
    from ..package_tools import PackageTools  # noqa: PLC0415 - help is answered without adapters
    from ..settings import Settings  # noqa: PLC0415 - see above

    container = PackageTools(settings=Settings.from_environment())
    typer.echo(container.decompile()(bundle, output))
