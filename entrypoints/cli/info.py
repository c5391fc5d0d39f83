"""`coreml-sd info`: the settings that a picture was drawn with."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from . import options

EXAMPLES = """\b
Show what a picture was drawn with:
  coreml-sd info circle.png

\b
Give it to another program:
  coreml-sd info circle.png --json
"""


_DIGEST, _SHOWN_DIGITS = re.compile(r"[0-9a-f]{64}"), 16

PictureFile = Annotated[
    Path, typer.Argument(metavar="PICTURE", help="A picture's file.", show_default=False)
]


def info(*, picture: PictureFile, as_json: options.AsJson = False) -> None:
    """Show the settings in a picture's metadata.

    Those that this program wrote, or those of AUTOMATIC1111's web UI and of the programs that write
    as it does.
    """
    from ..container import Container  # noqa: PLC0415 - help is answered without adapters
    from ..picture_record import settings_of  # noqa: PLC0415 - see above
    from ..settings import Settings  # noqa: PLC0415 - see above
    from .text_table import text_table  # noqa: PLC0415 - see above

    file = Container(settings=Settings.from_environment()).image_store().load(picture)
    program, settings = settings_of(file)
    if as_json:
        document = {"file": str(picture), "sha256": file.sha256, "program": program}
        typer.echo(json.dumps({**document, "settings": settings}, indent=2, ensure_ascii=False))
    else:
        typer.echo(text_table(f"{picture.name}, by {program}", ("", ""), _rows(settings)), nl=False)


def _rows(settings: Mapping[str, Any], of: str = "") -> Iterator[tuple[str, str]]:
    """A row for each setting that says something; those within another one after its name."""
    for name, value in settings.items():
        match value:
            case dict():
                yield from _rows(value, f"{of}{name}: ")
            case None | "" | [] | False:
                continue
            case str() if _DIGEST.fullmatch(value):
                yield f"{of}{name}", f"{value[:_SHOWN_DIGITS]}..."
            case str():
                yield f"{of}{name}", value
            case _:
                yield f"{of}{name}", json.dumps(value, ensure_ascii=False)
