"""How Apple's tools read their command lines, with failures in one line."""

import argparse
from typing import NoReturn

from ....domain.coreml.compute_unit import ComputeUnit
from ....domain.errors import InvalidRequest

#: Some of Apple's flags take several values after one another, which Typer's do not.
AS_THEY_ARE = {"allow_extra_args": True, "ignore_unknown_options": True}


class AppleParser(argparse.ArgumentParser):
    """Raises InvalidRequest where argparse would print a page and exit."""

    def __init__(self, tool: str, description: str, examples: str) -> None:
        super().__init__(
            prog=f"coreml-sd {tool}",
            description=description,
            epilog=examples.replace("\b\n", ""),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self._tool = tool

    def error(self, message: str) -> NoReturn:
        """Say it in one line."""
        raise InvalidRequest(self._tool, f"{message}; see coreml-sd {self._tool} --help")

    def flag(self, name: str, text: str) -> None:
        """Add a flag that is there or is not."""
        self.add_argument(name, action="store_true", help=text)

    def compute_unit(self) -> None:
        """Add the flag that all of Apple's tools share."""
        self.add_argument(
            "--compute-unit",
            choices=[each.value for each in ComputeUnit],
            default=ComputeUnit.ALL.value,
            help="processors that Core ML may use",
        )
