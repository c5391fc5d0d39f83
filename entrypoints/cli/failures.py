"""What a person sees when a command fails: one line on stderr and an exit code."""

import contextlib
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperGroup

from ...domain.errors import CoremlStableDiffusionError
from .interruption import INTERRUPTED, INTERRUPTION, raising_interruptions

MENDABLE = 2

#: What the parser behind some versions of Typer says first, and what a user can act on.
_PARSERS_WORDS = {
    "Value error, ": "",
    "Input should be a valid integer": "it is not a whole number",
    "Input should be a valid number": "it is not a number",
}


class ClearGroup(TyperGroup):
    """Runs every command so that its failures are told in one line."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override] # Typer hides click's type
        """Run the command that was asked for."""
        with told_in_one_line():
            return super().invoke(ctx)


@contextlib.contextmanager
def told_in_one_line() -> Iterator[None]:
    """End with 2 on an error that the user can mend, with 130 on Ctrl-C; the rest are defects.

    Words that no option has are told by Typer.
    """
    try:
        with raising_interruptions():
            yield
    except CoremlStableDiffusionError as error:
        _tell(str(error))
        raise typer.Exit(MENDABLE) from error
    except typer.BadParameter as error:
        error.message = _in_plain_words(error.message)
        raise
    except KeyboardInterrupt as error:
        _tell(INTERRUPTION)
        raise typer.Exit(INTERRUPTED) from error


def _in_plain_words(message: str) -> str:
    for start, words in _PARSERS_WORDS.items():
        if message.startswith(start):
            return words or message.removeprefix(start)
    return message


def _tell(message: str) -> None:
    typer.echo("coreml-sd: " + " ".join(message.split()), err=True)
