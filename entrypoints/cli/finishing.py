"""Makes of fresh packages what else was asked for, and checks them."""

from pathlib import Path

import typer

from ...domain.additions import Additions
from ...domain.errors import InvalidRequest
from ..container import Container
from ..settings import Settings
from .checking import check
from .finish_options import FinishOptions


def require_possible(folder: Path, wanted: FinishOptions, settings: Settings) -> None:
    """Raise before anything long begins where there is nothing to share weights with."""
    other = wanted.share_weights_with
    if other is None:
        return
    if other.resolve() == folder.resolve():
        problem = f"{other} is the folder of the packages themselves; give another one"
        raise InvalidRequest("--share-weights-with", problem)
    Container(settings=settings).own_model_folders().read_manifest(other)


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
