"""The front page of the command line."""

import subprocess
import sys

import coreml_stable_diffusion
from coreml_stable_diffusion.entrypoints.cli.main import app
from typer.testing import CliRunner


def test_the_version_is_that_of_the_package() -> None:
    result = CliRunner().invoke(app, ["--version"])

    assert result.output == f"coreml-sd {coreml_stable_diffusion.__version__}\n"


def test_every_command_explains_itself_with_examples() -> None:
    for command in app.registered_commands:
        name = str(command.name or getattr(command.callback, "__name__", ""))
        help_text = CliRunner().invoke(app, [name, "--help"]).output

        assert f"  coreml-sd {name} " in help_text, name


def test_the_package_can_be_run_as_a_module() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "coreml_stable_diffusion", "convert"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 2
    assert "Usage: coreml-sd convert" in finished.stderr
