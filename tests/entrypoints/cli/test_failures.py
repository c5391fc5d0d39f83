"""What a failing command says and ends with."""

import pytest
import typer
from coreml_stable_diffusion.domain.errors import ConversionFailed
from coreml_stable_diffusion.entrypoints.cli.failures import told_in_one_line


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
