"""`coreml-sd generate`: a prompt becomes a picture."""

from functools import partial

import typer

from ..settings import Settings
from .generation_options import Choices
from .grouping import grouped
from .output_options import OutputOptions

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
def generate(context: typer.Context, *, choices: Choices, output: OutputOptions) -> None:
    """Draw pictures from a prompt and print their paths.

    Each picture carries its settings in its metadata.
    """
    # Help is answered without NumPy and the adapters.
    from ..container import Container  # noqa: PLC0415 - see above
    from .drawing import draw  # noqa: PLC0415 - see above
    from .ordered_drawing import ordered_drawing  # noqa: PLC0415 - see above

    inputs = Container(settings=Settings.from_environment())
    drawing = ordered_drawing(choices, output, inputs, partial(_is_given, context))
    settings = Settings.from_environment(
        runtime=drawing.model.runtime, quiet=output.quiet, progress=output.progress
    )
    for file in draw(drawing, Container(settings=settings)):
        typer.echo(file)


def _is_given(context: typer.Context, name: str) -> bool:
    """Whether the user gave the option that is called so."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
