"""`coreml-sd inspect`: what is in a package or bundle."""

import json

import typer

from . import options

EXAMPLES = """\b
Show what is in a package:
  coreml-sd inspect Unet.mlpackage

\b
Give it to another program:
  coreml-sd inspect Unet.mlmodelc --json
"""


def inspect(
    *,
    package: options.PackageOrBundle,
    as_json: options.AsJson = False,
    largest: options.Largest = 10,
) -> None:
    """Show the inputs, outputs, operations and weights of a package or bundle.

    Nothing is run and no weight is loaded.
    """
    from ..package_tools import PackageTools  # noqa: PLC0415 - help is answered without adapters
    from ..settings import Settings  # noqa: PLC0415 - see above
    from .inspection_view import document, tables  # noqa: PLC0415 - see above

    inspection = PackageTools(settings=Settings.from_environment()).inspect()(package)
    if as_json:
        typer.echo(json.dumps(document(inspection, largest), indent=2, ensure_ascii=False))
    else:
        typer.echo(tables(inspection, largest), nl=False)
