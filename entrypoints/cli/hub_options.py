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

# Publish
PublishedFolders = Annotated[
    list[Path],
    typer.Argument(
        metavar="DIR...", help="Folders of packages, all of one model.", show_default=False
    ),
]
TargetRepository = Annotated[
    str,
    typer.Option(
        "--repo",
        metavar="OWNER/NAME",
        help="The repository; made if there is none.",
        show_default=False,
    ),
]
SamplePictures = Annotated[
    list[Path] | None,
    typer.Option("--picture", metavar="FILE", help="A picture that the model drew; repeatable."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show the files and the model card, and send nothing.")
]
Private = Annotated[bool, typer.Option("--private", help="Make a new repository private.")]
CreatePullRequest = Annotated[
    bool, typer.Option("--create-pr", help="Open a pull request instead of committing.")
]
AllowUnverified = Annotated[
    bool, typer.Option("--allow-unverified", help="Publish what was not verified, or failed.")
]
RightsCleared = Annotated[
    bool,
    typer.Option(
        "--rights-cleared",
        help="You may publish it, though its licence or its gate does not say so.",
    ),
]
