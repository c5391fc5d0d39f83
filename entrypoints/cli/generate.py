"""`coreml-sd generate`: a prompt becomes a picture."""

import typer

from ..settings import Settings
from . import drawing_options, options
from .generation_options import (
    ControlOptions,
    ModelOptions,
    PromptOptions,
    SamplingOptions,
    SourceOptions,
    XlOptions,
)
from .grouping import grouped
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

\b
Draw a part of a picture anew, where a mask is white, and leave the rest as it is:
  coreml-sd generate "a blue circle on a red background" --image a.png --mask b.png --keep-outside
"""


@grouped
def generate(
    *,
    prompt: PromptOptions,
    output: drawing_options.Picture = None,
    save_every: drawing_options.SaveEvery = None,
    model: ModelOptions,
    sampling: SamplingOptions,
    source: SourceOptions,
    control: ControlOptions,
    xl: XlOptions,
    quiet: options.Quiet = False,
) -> None:
    """Draw pictures from a prompt and print their paths.

    Each picture carries its settings in its metadata.
    """
    # Help is answered without NumPy and the adapters.
    from ..container import Container  # noqa: PLC0415 - see above
    from .drawing import draw  # noqa: PLC0415 - see above
    from .picture_inputs import PictureInputs  # noqa: PLC0415 - see above
    from .requested import requested  # noqa: PLC0415 - see above

    settings = Settings.from_environment(runtime=model.runtime, quiet=quiet)
    container = Container(settings=settings)
    pictures = PictureInputs.load(container.image_store(), source, control)
    request = requested(prompt, sampling, source, control, xl=xl, pictures=pictures)
    files = picture_files(output, prompt=request.prompt, seed=request.seed, count=sampling.images)
    drawn = draw(request, files, container, model, pictures=pictures, save_every=save_every)
    for file in drawn:
        typer.echo(file)
