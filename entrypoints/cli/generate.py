"""`coreml-sd generate`: a prompt becomes a picture."""

import typer

from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.randomness.kind import RandomKind
from ..random_seed import random_seed
from ..settings import RuntimeChoice, Settings
from . import options
from .numbers import numbers
from .picture_files import picture_files

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


def generate(
    *,
    prompt: options.Prompt,
    model: options.Model = "pocket",
    negative_prompt: options.NegativePrompt = "",
    seed: options.Seed = None,
    steps: options.Steps = 25,
    guidance_scale: options.GuidanceScale = None,
    images: options.Images = 1,
    scheduler: options.Scheduler = None,
    rng: options.Rng = RandomKind.NUMPY,
    timesteps: options.Timesteps = None,
    sigmas: options.Sigmas = None,
    eta: options.Eta = None,
    image: options.SourceImage = None,
    strength: options.Strength = None,
    output: options.Picture = None,
    runtime: options.Runtime = RuntimeChoice.AUTO,
    compute_unit: options.ComputeUnits = ComputeUnit.ALL,
    revision: options.Revision = None,
    quiet: options.Quiet = False,
) -> None:
    """Draw pictures from a prompt and print their paths.

    Each picture carries its settings in its metadata.
    """
    # Help is answered without NumPy and the adapters.
    from ...domain.request import GenerationRequest  # noqa: PLC0415 - see above
    from ...domain.source_picture import source_picture  # noqa: PLC0415 - see above
    from ..container import Container  # noqa: PLC0415 - see above
    from .drawing import draw  # noqa: PLC0415 - see above

    settings = Settings.from_environment(runtime=runtime, quiet=quiet)
    container = Container(settings=settings)
    picture = None if image is None else container.image_store().load(image)
    request = GenerationRequest(
        prompt=prompt,
        negative_prompt=negative_prompt,
        num_inference_steps=steps,
        guidance_scale=guidance_scale,
        seed=random_seed() if seed is None else seed,
        images_per_prompt=images,
        scheduler=scheduler,
        rng=rng,
        timesteps=numbers("--timesteps", timesteps),
        sigmas=numbers("--sigmas", sigmas),
        eta=eta,
        source=source_picture(None if picture is None else picture.pixels, strength),
    )
    files = picture_files(output, prompt=prompt, seed=request.seed, count=images)
    drawn = draw(
        request,
        files,
        container,
        model=model,
        revision=revision,
        unit=compute_unit,
        picture=picture,
    )
    for file in drawn:
        typer.echo(file)
