"""`coreml-sd generate`: a prompt becomes a picture."""

from functools import partial

import typer

from ..settings import Settings
from .generation_options import Choices
from .grouping import grouped
from .model_options import ModelOptions
from .output_options import OutputOptions
from .picture_options import ControlOptions, SourceOptions
from .prompt_options import PromptOptions
from .sampling_options import SamplingOptions
from .xl_options import XlOptions

EXAMPLES = """\b
Draw with the small model that is built in, which knows coloured shapes:
  coreml-sd generate "a red circle on a blue background"

\b
Draw three pictures, 40 steps each, as star.png, star-2.png and star-3.png:
  coreml-sd generate "a yellow star on a purple background" -o star.png --images 3 --steps 40

\b
Draw each line of a file, and all of them as one picture, too:
  coreml-sd generate --prompts prompts.txt -o "out/{index:03}-{prompt}.png" --grid out/all.png

\b
Draw a picture of this program again, bit by bit, and once more with other noise:
  coreml-sd generate --from-image star.png -o again.png
  coreml-sd generate --from-image star.png -o other.png --seed 7

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
  coreml-sd generate "a blue circle on a red background" --image a.png --mask b.png
"""


@grouped
def generate(
    context: typer.Context,
    *,
    prompt: PromptOptions,
    model: ModelOptions,
    sampling: SamplingOptions,
    source: SourceOptions,
    control: ControlOptions,
    xl: XlOptions,
    output: OutputOptions,
) -> None:
    """Draw pictures from a prompt and print their paths.

    Each picture carries its settings in its metadata.
    """
    # Help is answered without NumPy and the adapters.
    from ..container import Container  # noqa: PLC0415 - see above
    from .drawing import Drawing, draw  # noqa: PLC0415 - see above
    from .given_arrays import GivenArrays  # noqa: PLC0415 - see above
    from .picture_files import Subject, grid_file, picture_files  # noqa: PLC0415 - see above
    from .picture_inputs import PictureInputs  # noqa: PLC0415 - see above
    from .reproduction import Reproduction  # noqa: PLC0415 - see above
    from .requested import requested  # noqa: PLC0415 - see above

    inputs = Container(settings=Settings.from_environment())
    store = inputs.image_store()
    choices = Choices(
        prompt=prompt, model=model, sampling=sampling, source=source, control=control, xl=xl
    )
    again = None
    if prompt.from_image is not None:
        again = Reproduction.of(prompt.from_image, store, partial(_is_given, context))
        choices = again.settled(choices)
    pictures = PictureInputs.load(store, choices.source, choices.control)
    arrays = None
    if choices.prompt.arrays is not None:
        row = None if again is None else again.record.arrays_row
        arrays = GivenArrays.load(inputs.tensor_files(), choices.prompt.arrays, row)
    if again is not None:
        again.require_same_pictures(pictures)
        again.require_same_arrays(arrays)
    requests = requested(choices, pictures, arrays)
    subjects = [Subject(prompt=each.prompt, seed=seed) for each in requests for seed in each.seeds]
    files = picture_files(output.output, subjects)
    drawing = Drawing(
        requests=requests,
        files=files,
        model=choices.model,
        pictures=pictures,
        arrays=arrays,
        save_every=output.save_every,
        grid=grid_file(output.grid, files),
        require=None if again is None else again.require_same_packages,
    )
    settings = Settings.from_environment(
        runtime=choices.model.runtime, quiet=output.quiet, progress=output.progress
    )
    for file in draw(drawing, Container(settings=settings)):
        typer.echo(file)


def _is_given(context: typer.Context, name: str) -> bool:
    """Whether the user gave the option that is called so."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
