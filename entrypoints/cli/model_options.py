"""What draws the pictures of `coreml-sd generate`."""

from typing import Annotated

import attrs
import typer

from ...domain.coreml.compute_unit import ComputeUnit
from ..settings import RuntimeChoice
from . import options


@attrs.frozen(kw_only=True)
class ModelOptions:
    """What draws, and on what."""

    model: Annotated[
        str,
        typer.Option(
            "--model",
            "-m",
            metavar="DIR|ID",
            help="A folder of packages, or a checkpoint, which is converted once into the cache.",
        ),
    ] = "pocket"
    revision: options.Revision = None
    model_version: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="The checkpoint that packages of other tools were made of, whose configuration and"
            " tokenizer they go with; its weights are not fetched.",
        ),
    ] = None
    runtime: options.Runtime = RuntimeChoice.AUTO
    compute_unit: options.ComputeUnits = ComputeUnit.ALL
    check_safety: Annotated[
        bool,
        typer.Option(
            "--check-safety/--no-check-safety",
            help="Black out what the model's safety checker, where it has one, objects to.",
        ),
    ] = True
    low_memory: Annotated[
        bool,
        typer.Option(
            "--low-memory", help="Load each network when it is needed, and release it after."
        ),
    ] = False
