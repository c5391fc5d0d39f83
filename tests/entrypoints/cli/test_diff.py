"""`coreml-sd diff` with real packages."""

import shutil
from pathlib import Path

import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from samples.bundles import WEIGHTS, compiled
from samples.packages import save_linear_package
from typer.testing import CliRunner, Result


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("packages") / "linear.mlpackage"
    save_linear_package(made)
    return made


def diff(*arguments: Path) -> Result:
    return CliRunner().invoke(app, ["diff", *map(str, arguments)])


def test_a_bundle_is_like_its_package(package: Path, tmp_path: Path) -> None:
    result = diff(package, compiled(package, tmp_path / "linear.mlmodelc"))

    assert (result.exit_code, result.output) == (0, "")


def test_another_weight_is_found_and_ends_with_1(package: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(package, tmp_path / "other.mlpackage"))
    content = bytearray((other / WEIGHTS).read_bytes())
    content[-1] ^= 1
    (other / WEIGHTS).write_bytes(content)

    result = diff(package, other)

    line = "weight val of const (product_weight_0): 48 elements | 1 of them differ\n"
    assert (result.exit_code, result.stdout) == (1, line)


def test_what_cannot_be_read_ends_with_2(package: Path, tmp_path: Path) -> None:
    assert diff(package, tmp_path).exit_code == 2
