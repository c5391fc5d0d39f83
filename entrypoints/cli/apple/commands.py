"""Apple's command lines among our own commands."""

import typer

from .arguments import AS_THEY_ARE
from .chunk_mlprogram import EXAMPLES as CHUNK_EXAMPLES
from .chunk_mlprogram import chunk_mlprogram
from .multilingual_projection import EXAMPLES as PROJECTION_EXAMPLES
from .multilingual_projection import multilingual_projection
from .pipeline import EXAMPLES as PIPELINE_EXAMPLES
from .pipeline import pipeline
from .torch2coreml import torch2coreml
from .torch2coreml_flags import EXAMPLES as TORCH_EXAMPLES

_COMMANDS = (
    (torch2coreml, TORCH_EXAMPLES),
    (chunk_mlprogram, CHUNK_EXAMPLES),
    (pipeline, PIPELINE_EXAMPLES),
    (multilingual_projection, PROJECTION_EXAMPLES),
)


def offer(app: typer.Typer) -> None:
    """Add the commands; each reads its own flags and answers --help itself."""
    for command, examples in _COMMANDS:
        app.command(
            command.__name__,
            epilog=examples,
            add_help_option=False,
            context_settings=AS_THEY_ARE,
            options_metavar="[APPLE'S FLAGS]",
        )(command)
