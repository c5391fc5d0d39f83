"""`coreml-sd info`: the settings that a picture was drawn with."""

import json
from pathlib import Path
from typing import Annotated

import typer

from . import options

EXAMPLES = """\b
Show what a picture was drawn with:
  coreml-sd info circle.png

\b
Give it to another program:
  coreml-sd info circle.png --json
"""


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
        rows = [(name, _told(value)) for name, value in settings.items() if value is not None]
        typer.echo(text_table(f"{Path(picture).name}, by {program}", ("", ""), rows), nl=False)


def _told(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
