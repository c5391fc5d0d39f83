"""Converts a model again by the recipe that a folder of packages has."""

from pathlib import Path

import typer

from ...domain.additions import Additions
from ...domain.conversion.plan import ConversionPlan
from ...domain.errors import InvalidRequest, NotAModelFolder
from ..container import Container
from ..settings import Settings

DIFFERENT = 1


def reproduce(
    recipe: Path,
    output: Path,
    plan: ConversionPlan,
    additions: Additions,
    *,
    model: str | None,
    revision: str | None,
    settings: Settings,
) -> None:
    """Convert as `recipe` tells, a `pipeline.json` or its folder, and print what differs.

    Ends with 1 where something does. Raises InvalidRequest where the plan is more than the usual,
    a revision is of no model, or the recipe is none.
    """
    if plan != ConversionPlan():
        raise InvalidRequest("--recipe", "it has every setting; leave all others out")
    if revision is not None and model is None:
        raise InvalidRequest("--revision", "the recipe has it; leave it out, or give MODEL, too")
    if not recipe.exists():
        raise InvalidRequest("--recipe", f"{recipe} is not there")
    container = Container(settings=settings)
    folders = container.own_model_folders()
    try:
        manifest = folders.read_manifest(recipe) if recipe.is_dir() else folders.read_recipe(recipe)
    except NotAModelFolder as error:
        raise InvalidRequest("--recipe", f"{recipe} is no recipe: {error.problem}") from error
    differences = container.reproduce()(manifest, output, model, revision, additions)
    for difference in differences:
        typer.echo(difference, err=True)
    if differences:
        raise typer.Exit(DIFFERENT)
