"""`coreml-sd convert`: a checkpoint becomes a folder of Core ML packages."""

from pathlib import Path
from typing import Annotated

import typer

from ...domain.errors import InvalidRequest
from ..settings import Settings
from . import options
from .checkpoint_options import AdditionOptions, CheckpointOptions
from .finish_options import FinishOptions
from .grouping import grouped
from .palette_options import PaletteOptions
from .plan_options import PlanOptions

EXAMPLES = """\b
Convert the small model that is built in:
  coreml-sd convert pocket -o pocket-coreml

\b
Convert a model of the Hub for pictures of 768 by 512 pixels:
  coreml-sd convert stable-diffusion-v1-5/stable-diffusion-v1-5 -o sd15-wide --latent-width 96

\b
Convert a model with two ControlNets and the UNet that takes what they give:
  coreml-sd convert stable-diffusion-v1-5/stable-diffusion-v1-5 -o sd15-control \\
    --controlnet lllyasviel/sd-controlnet-canny --controlnet lllyasviel/sd-controlnet-depth

\b
Convert two networks of a checkpoint on the disk:
  coreml-sd convert ./my-checkpoint -o my-packages --components unet,text_encoder

\b
Make packages of another size whose weights take no more room on the disk:
  coreml-sd convert ./my-checkpoint -o wide --size 768x512 --share-weights-with my-packages

\b
Make the same packages again that somebody else has made:
  coreml-sd convert --recipe theirs/pipeline.json -o mine

\b
Make what Apple's Swift package loads, for phones:
  coreml-sd convert ./my-checkpoint -o my-packages --chunk-unet --bundle-resources
"""

Output = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the packages.")
]


@grouped
def convert(
    *,
    checkpoint: CheckpointOptions,
    output: Output,
    plan: PlanOptions,
    addition: AdditionOptions,
    palette: PaletteOptions,
    finishing: FinishOptions,
    quiet: options.Quiet = False,
) -> None:
    """Convert a checkpoint to Core ML packages and print their folder.

    Packages that are already there and were made of the same weights with the same settings are
    kept; a package takes its place only when it is whole.
    """
    # Help is answered without adapters.
    from ..container import Container  # noqa: PLC0415 - see above
    from .finishing import finish, require_possible  # noqa: PLC0415 - see above
    from .reproducing import reproduce  # noqa: PLC0415 - see above

    palettization = palette.palettization(plan.min_deployment_target)
    wanted = plan.plan(palettization, quantize_vae=palette.quantize_vae)
    additions, model, revision = addition.additions, checkpoint.model, checkpoint.revision
    settings = Settings.from_environment(allow_pickle=checkpoint.allow_pickle, quiet=quiet)
    require_possible(output, finishing, settings)
    if checkpoint.recipe is not None:
        reproduce(
            checkpoint.recipe,
            output,
            wanted,
            additions,
            model=model,
            revision=revision,
            settings=settings,
        )
    elif model is None:
        raise InvalidRequest("MODEL", "say what to convert, or give --recipe")
    else:
        container = Container(settings=settings)
        container.convert()(model, output, wanted, revision, additions)
    typer.echo(output)
    finish(output, finishing, settings, additions)
