"""`coreml-sd compress` with real packages."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from samples.packages import convert_module
from torch import nn
from typer.testing import CliRunner, Result


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    package = tmp_path_factory.mktemp("packages") / "linear.mlpackage"
    convert_module(nn.Linear(64, 64), {"x": np.zeros((1, 64), np.float32)}, ["y"], package)
    return package


@pytest.fixture
def package(linear: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(linear, tmp_path / "linear.mlpackage"))


def weight_bytes(package: Path) -> int:
    return (package / "Data/com.apple.CoreML/weights/weight.bin").stat().st_size


@pytest.mark.parametrize(
    ("output", "made"),
    [
        ([], "linear_4bit.mlpackage"),
        (["-o", "small"], "small/linear.mlpackage"),
        (["-o", "small/other.mlpackage"], "small/other.mlpackage"),
        (["--in-place"], "linear.mlpackage"),
    ],
)
def test_the_small_package_stands_where_it_was_asked_for(
    output: list[str], made: str, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = weight_bytes(package)

    result = run("compress", "linear.mlpackage", "--nbits", "4", "--quiet", *output)

    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{made}\n", "")
    assert weight_bytes(tmp_path / made) < before / 3
    assert (weight_bytes(package) < before) == (made == package.name)


def test_compressing_again_changes_nothing_and_says_so(package: Path) -> None:
    run("compress", package, "--nbits", "4", "--in-place")
    before = weight_bytes(package)

    result = run("compress", package, "--nbits", "2", "--in-place")

    assert result.exit_code == 0
    assert "1 weight stays: compressed already" in result.stderr
    assert weight_bytes(package) == before


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["linear.mlpackage", "--nbits", "5"], "--nbits: 5 is none of 1, 2, 3, 4, 6, 8"),
        (["linear.mlpackage", "--nbits", "3"], "--nbits: 3 bits need a program for iOS 18"),
        (["linear.mlpackage", "--nbits", "4", "--group-size", "0"], "--group-size: 0 is not"),
        (["linear.mlpackage", "--nbits", "4", "--group-size", "8"], "--group-size: groups need"),
        (["linear.mlpackage", "--nbits", "4", "-o", "."], "--output: linear.mlpackage is there"),
        (["linear.mlpackage", "--nbits", "4", "-o", "x", "--in-place"], "contradicts --output"),
        (["gone.mlpackage", "--nbits", "4"], "gone.mlpackage cannot be read"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    arguments: list[str],
    complaint: str,
    package: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)

    result = run("compress", *arguments)

    [line] = result.stderr.splitlines()
    assert complaint in line
    assert (result.exit_code, result.stdout) == (2, "")
    assert [each.name for each in tmp_path.iterdir()] == [package.name]
