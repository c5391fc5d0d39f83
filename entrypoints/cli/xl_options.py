"""What Stable Diffusion XL and its refiner are told by `coreml-sd generate`."""

from typing import Annotated

import attrs
import typer


@attrs.frozen(kw_only=True)
class XlOptions:
    """What Stable Diffusion XL and its refiner are told beside."""

    refiner_start: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="How much of the noise is gone when the refiner takes over, where there is one:"
            " 0.8 where left out, 1 for never.",
        ),
    ] = None
    original_size: Annotated[
        str | None,
        typer.Option(
            metavar="HEIGHT,WIDTH",
            help="For Stable Diffusion XL: how large the picture is to look before it was resized.",
        ),
    ] = None
    crop_top_left: Annotated[
        str | None,
        typer.Option(
            metavar="TOP,LEFT", help="For Stable Diffusion XL: how much looks cropped off."
        ),
    ] = None
    target_size: Annotated[
        str | None,
        typer.Option(metavar="HEIGHT,WIDTH", help="For Stable Diffusion XL: how large after that."),
    ] = None
    negative_original_size: Annotated[
        str | None,
        typer.Option(metavar="HEIGHT,WIDTH", help="--original-size for the negative prompt."),
    ] = None
    negative_crop_top_left: Annotated[
        str | None,
        typer.Option(metavar="TOP,LEFT", help="--crop-top-left for the negative prompt."),
    ] = None
    negative_target_size: Annotated[
        str | None,
        typer.Option(metavar="HEIGHT,WIDTH", help="--target-size for the negative prompt."),
    ] = None
    aesthetic_score: Annotated[
        float, typer.Option(metavar="X", help="For refiners: how beautiful the picture is to be.")
    ] = 6.0
    negative_aesthetic_score: Annotated[
        float, typer.Option(metavar="X", help="For refiners: how beautiful what is avoided is.")
    ] = 2.5
