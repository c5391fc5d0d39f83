"""`coreml-sd describe`: a folder of Apple's tool gets the pipeline.json that it lacks."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ...domain.conversion.plan import UnetPrediction
from ..settings import Settings
from . import options

EXAMPLES = """\b
Take everything that packages do not say from the checkpoint that they were made of:
  coreml-sd describe packages --like runwayml/stable-diffusion-v1-5

\b
Say how a model was trained that is like Stable Diffusion's own in all else:
  coreml-sd describe packages --prediction-type v_prediction
"""


Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="A folder of packages or bundles.", show_default=False)
]
Like = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL", help="A checkpoint whose configuration and tokenizer are the model's."
    ),
]
PredictionType = Annotated[
    UnetPrediction | None,
    typer.Option(help="What the UNet predicts; read off or usual if left out."),
]
ScalingFactor = Annotated[
    float | None,
    typer.Option(
        "--vae-scaling-factor", metavar="X", help="By which the VAE's latents are scaled."
    ),
]
GuidanceScale = Annotated[
    float | None, typer.Option(metavar="X", help="To draw with where nobody asks for another.")
]


def describe(
    *,
    folder: Folder,
    like: Like = None,
    prediction_type: PredictionType = None,
    vae_scaling_factor: ScalingFactor = None,
    guidance_scale: GuidanceScale = None,
    quiet: options.Quiet = False,
) -> None:
    """Write the pipeline.json of a folder that Apple's tool made, and print its path.

    What the packages say of themselves stays as they say it.
    """
    from ..container import Container  # noqa: PLC0415 - help is answered without adapters

    container = Container(settings=Settings.from_environment(quiet=quiet))
    told: dict[str, Any] = {
        "vae_scaling_factor": vae_scaling_factor,
        "guidance_scale": guidance_scale,
    }
    given = {name: value for name, value in told.items() if value is not None}
    prediction = None if prediction_type is None else prediction_type.value
    container.describe()(folder, like, given, prediction)
    typer.echo(folder / "pipeline.json")
