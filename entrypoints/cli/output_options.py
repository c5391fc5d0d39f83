"""Where the pictures of `coreml-sd generate` go."""

from pathlib import Path
from typing import Annotated

import attrs
import typer

from ..settings import ProgressForm
from . import options


@attrs.frozen(kw_only=True)
class OutputOptions:
    """Where pictures go, and what is told meanwhile."""

    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.png",
            help="The picture's file, FILE-2.png and so on for more; {prompt}, {seed} and {index}"
            " in it stand for the picture's own; named after the prompt and seed if left out.",
        ),
    ] = None
    grid: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", help="Also write all pictures as one, row by row."),
    ] = None
    save_every: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Also write a small, rough picture of every Nth step, as FILE-step-N.png and so"
            " on.",
        ),
    ] = None
    progress: Annotated[
        ProgressForm,
        typer.Option(
            help="How progress is told on stderr: to people, or to programs, line by line."
        ),
    ] = ProgressForm.TEXT
    quiet: options.Quiet = False
