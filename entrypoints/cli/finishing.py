"""Makes of fresh packages what else was asked for, and checks them."""

from pathlib import Path

import typer

from ...domain.additions import Additions
from ..container import Container
from ..settings import Settings
from .checking import check
from .finish_options import FinishOptions


def finish(
    folder: Path,
    wanted: FinishOptions,
    settings: Settings,
    additions: Additions,
) -> None:
    """Share weights, cut UNets, make Resources and print their folder; last of all, check.

    Raises what each of these raises, and ends with 1 where the check does.
    """
    container = Container(settings=settings)
    if (other := wanted.share_weights_with) is not None:
        shared = container.share_weights()(folder, other)
        container.observer().note(f"{shared / 1e6:.1f} MB shared with {other}")
    if wanted.chunk_unet:
        container.chunk_unets()(folder, check=wanted.check_output_correctness)
    if wanted.bundle_resources:
        typer.echo(container.bundle()(folder))
    if wanted.check_output_correctness:
        check(settings, folder, additions=additions)
