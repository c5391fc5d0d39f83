"""`coreml-sd multilingual_projection`: Apple's tool for prompts in other languages."""

from pathlib import Path

import typer

from ...settings import Settings
from .arguments import AppleParser

EXAMPLES = """\b
What Apple's README says, after the name of the tool:
  coreml-sd multilingual_projection --input-path projection.pt --output-dir Resources
"""


def parser() -> AppleParser:
    """All flags with Apple's defaults."""
    made = AppleParser(
        "multilingual_projection",
        "Convert the projection of multilingual texts with the flags of Apple's tool.",
        EXAMPLES,
    )
    made.add_argument("--input-path", required=True, help="a TorchScript file that one trusts")
    made.add_argument("--output-dir", required=True, help="folder for the package and the bundle")
    return made


def multilingual_projection(context: typer.Context) -> None:
    """Convert a projection with the flags of Apple's multilingual_projection; print the paths."""
    arguments = parser().parse_args(context.args)
    from ...container import Container  # noqa: PLC0415 - help is answered without adapters

    convert = Container(settings=Settings.from_environment()).convert_projection()
    for path in convert(Path(arguments.input_path), Path(arguments.output_dir)):
        typer.echo(path)
