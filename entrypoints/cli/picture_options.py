"""The pictures that those of `coreml-sd generate` are made from."""

from pathlib import Path
from typing import Annotated

import attrs
import typer


@attrs.frozen(kw_only=True)
class SourceOptions:
    """The picture that is changed."""

    image: Annotated[
        Path | None,
        typer.Option("--image", metavar="FILE", help="A picture to change instead of noise alone."),
    ] = None
    strength: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="How much of --image may change: a little over 0 keeps it, 1 hardly. 0.8 where"
            " left out, 1 with --mask.",
        ),
    ] = None
    mask: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A picture as large as --image, white where it may change."
        ),
    ] = None
    keep_outside: Annotated[
        bool | None,
        typer.Option(
            "--keep-outside/--no-keep-outside",
            help="Leave each pixel outside of --mask as it is in --image, which is usual; or let"
            " the VAE change it a little, as diffusers does.",
        ),
    ] = None
    image_guidance_scale: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="How strongly --image counts for a model that changes pictures by instructions;"
            " 1.5 where left out.",
        ),
    ] = None


@attrs.frozen(kw_only=True)
class ControlOptions:
    """What ControlNets are shown."""

    control_image: Annotated[
        list[Path] | None,
        typer.Option(
            "--control-image",
            metavar="FILE",
            help="A picture for a ControlNet; may come repeatedly.",
        ),
    ] = None
    controlnet: Annotated[
        list[str] | None,
        typer.Option(
            "--controlnet",
            metavar="NAME",
            help="Which ControlNet reads it, one for each --control-image; the only one if left"
            " out.",
        ),
    ] = None
    control_scale: Annotated[
        list[float] | None,
        typer.Option(
            "--control-scale", metavar="X", help="How much it counts, once for all or for each. 1."
        ),
    ] = None
    guess_mode: Annotated[
        bool,
        typer.Option("--guess-mode", help="Let ControlNets lead, and guide well without a prompt."),
    ] = False
