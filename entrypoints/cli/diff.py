"""`coreml-sd diff`: where two packages or bundles differ."""

import typer

from . import options

DIFFERENT = 1
EXAMPLES = """\b
See whether a bundle holds what its package held:
  coreml-sd diff Unet.mlpackage Unet.mlmodelc
"""


def diff(*, first: options.PackageOrBundle, second: options.OtherPackageOrBundle) -> None:
    """Say where two packages or bundles differ.

    Compared are edge, texts, operations and weights. Of the operations the first that differs is
    told; where the weights lie in their files is no difference. The exit code is 1 where they
    differ and 0 where not.
    """
    from ..package_tools import PackageTools  # noqa: PLC0415 - help is answered without adapters
    from ..settings import Settings  # noqa: PLC0415 - see above

    found = 0
    for each in PackageTools(settings=Settings.from_environment()).compare()(first, second):
        typer.echo(f"{each.place}: {each.first} | {each.second}")
        found += 1
    if found:
        raise typer.Exit(DIFFERENT)
