"""What a failing command says and ends with."""

import pytest
import typer
from coreml_stable_diffusion.domain.errors import ConversionFailed
from coreml_stable_diffusion.entrypoints.cli.failures import told_in_one_line
from coreml_stable_diffusion.entrypoints.cli.main import app
from typer.testing import CliRunner


def test_an_error_that_can_be_mended_ends_with_2_and_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit) as end, told_in_one_line():
        raise ConversionFailed("unet", "first line\n  second line")

    assert end.value.exit_code == 2
    said = capsys.readouterr()
    assert said.err == ("coreml-sd: the unet could not be converted: first line second line\n")
    assert said.out == ""


def test_an_interruption_ends_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as end, told_in_one_line():
        raise KeyboardInterrupt

    assert end.value.exit_code == 130
    assert capsys.readouterr().err == "coreml-sd: interrupted\n"


def test_a_defect_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), told_in_one_line():
        _ = 1 / 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--steps", "abc"), "it is not a whole number"),
        (("--seed", "1.5"), "it is not a whole number"),
        (("--guidance-scale", "much"), "it is not a number"),
        (("--rng", "foo"), "'foo' is not one of 'numpy', 'torch', 'cuda'"),
    ],
)
def test_a_word_that_no_option_has_is_told_without_the_parsers_own(
    arguments: tuple[str, str], problem: str
) -> None:
    result = CliRunner().invoke(app, ["generate", "a", *arguments])

    assert result.exit_code == 2
    assert f"'{arguments[0]}'" in result.stderr
    assert f": {problem}" in result.stderr
