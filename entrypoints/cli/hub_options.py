"""The arguments and options of commands that speak with the Hub."""

from pathlib import Path
from typing import Annotated

import typer

Repository = Annotated[
    str, typer.Argument(metavar="OWNER/NAME", help="A repository on the Hub.", show_default=False)
]
ListVariants = Annotated[
    bool, typer.Option("--list", help="Show the forms of the model that there are, and end.")
]
VariantName = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="original, split_einsum or split_einsum_v2; what suits this machine if left out.",
    ),
]
KindName = Annotated[
    str | None,
    typer.Option(metavar="KIND", help="packages or compiled; what suits this machine if left out."),
]
DownloadFolder = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="DIR", help="Where to copy it; the cache if left out."),
]
