"""`coreml-sd generate`: a prompt becomes a picture."""

from typing import TYPE_CHECKING

import typer

from ..random_seed import random_seed
from ..settings import Settings
from . import options
from .generation_options import ModelOptions, PromptOptions, SamplingOptions, SourceOptions
from .grouping import grouped
from .numbers import numbers
from .picture_files import picture_files

if TYPE_CHECKING:
    from ...domain.picture_file import PictureFile
    from ...domain.request import GenerationRequest

EXAMPLES = """\b
Draw with the small model that is built in, which knows coloured shapes:
  coreml-sd generate "a red circle on a blue background"

\b
Draw three pictures, 40 steps each, as star.png, star-2.png and star-3.png:
  coreml-sd generate "a yellow star on a purple background" -o star.png --images 3 --steps 40

\b
Draw with packages that were converted before, and the same picture every time:
  coreml-sd generate "an astronaut on a horse" -m sd15 --seed 93 --scheduler "DPM++ 2M Karras"

\b
Start from the noise of another program, here of diffusers with a generator on the CPU:
  coreml-sd generate "an astronaut on a horse" -m sd15 --seed 93 --rng torch --scheduler "Euler a"

\b
Change a picture, here to another colour, and keep where things are in it:
  coreml-sd generate "a blue circle on a red background" --image circle.png --strength 0.6
"""


@grouped
def generate(
    *,
    prompt: PromptOptions,
    output: options.Picture = None,
    model: ModelOptions,
    sampling: SamplingOptions,
    source: SourceOptions,
    quiet: options.Quiet = False,
) -> None:
    """Draw pictures from a prompt and print their paths.

    Each picture carries its settings in its metadata.
    """
    # Help is answered without NumPy and the adapters.
    from ..container import Container  # noqa: PLC0415 - see above
    from .drawing import draw  # noqa: PLC0415 - see above

    settings = Settings.from_environment(runtime=model.runtime, quiet=quiet)
    container = Container(settings=settings)
    picture = None if source.image is None else container.image_store().load(source.image)
    request = _request(prompt, sampling, source, picture)
    files = picture_files(output, prompt=request.prompt, seed=request.seed, count=sampling.images)
    for file in draw(request, files, container, model, picture=picture):
        typer.echo(file)


def _request(
    prompt: PromptOptions,
    sampling: SamplingOptions,
    source: SourceOptions,
    picture: "PictureFile | None",
) -> "GenerationRequest":
    from ...domain.request import GenerationRequest  # noqa: PLC0415 - imports NumPy
    from ...domain.source_picture import source_picture  # noqa: PLC0415 - imports NumPy

    return GenerationRequest(
        prompt=prompt.prompt,
        negative_prompt=prompt.negative_prompt,
        prompt_syntax=prompt.prompt_syntax,
        clip_skip=prompt.clip_skip,
        num_inference_steps=sampling.steps,
        guidance_scale=sampling.guidance_scale,
        seed=random_seed() if sampling.seed is None else sampling.seed,
        images_per_prompt=sampling.images,
        scheduler=sampling.scheduler,
        rng=sampling.rng,
        timesteps=numbers("--timesteps", sampling.timesteps),
        sigmas=numbers("--sigmas", sampling.sigmas),
        eta=sampling.eta,
        source=source_picture(None if picture is None else picture.pixels, source.strength),
    )
