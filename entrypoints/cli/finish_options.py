"""What `coreml-sd convert` does with the packages once they are there."""

from pathlib import Path
from typing import Annotated

import attrs
import typer


@attrs.frozen(kw_only=True)
class FinishOptions:
    """What else is made of the packages, and whether they are checked."""

    share_weights_with: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Packages of the same model, for another size: weights that are equal become"
            " other names (hard links) of theirs.",
        ),
    ] = None
    check_output_correctness: Annotated[
        bool,
        typer.Option(
            "--check-output-correctness",
            help="Hold the packages against PyTorch when they are there, as `coreml-sd verify`"
            " does.",
        ),
    ] = False
    chunk_unet: Annotated[
        bool, typer.Option("--chunk-unet", help="Cut UNets in two as well, which phones need.")
    ] = False
    bundle_resources: Annotated[
        bool,
        typer.Option(
            "--bundle-resources",
            "--bundle-resources-for-swift-cli",
            help="Make the Resources folder that Apple's Swift package loads as well.",
        ),
    ] = False
