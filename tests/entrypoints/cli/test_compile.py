"""`coreml-sd compile` and `coreml-sd decompile` with real packages."""

import shutil
from pathlib import Path

import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from samples.packages import save_linear_package
from typer.testing import CliRunner, Result


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    package = tmp_path_factory.mktemp("packages") / "linear.mlpackage"
    save_linear_package(package)
    return package


@pytest.fixture
def package(linear: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(linear, tmp_path / "linear.mlpackage"))


def test_there_and_back_again(package: Path, tmp_path: Path) -> None:
    there = run("compile", package)
    back = run("decompile", tmp_path / "linear.mlmodelc", "-o", tmp_path / "out")

    assert (there.exit_code, there.stdout) == (0, f"{tmp_path / 'linear.mlmodelc'}\n")
    assert (back.exit_code, back.stdout) == (0, f"{tmp_path / 'out' / 'linear.mlpackage'}\n")
    [ours, theirs] = (
        each / "Data/com.apple.CoreML/weights/weight.bin"
        for each in (tmp_path / "out" / "linear.mlpackage", package)
    )
    assert ours.read_bytes() == theirs.read_bytes()


def test_results_are_named_after_the_folder_that_a_dot_is(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(package.rglob("*"))

    monkeypatch.chdir(package)
    assert run("compile", ".").exit_code == 0
    assert run("compress", ".", "--nbits", "6", "-o", tmp_path / "small").exit_code == 0
    monkeypatch.chdir(tmp_path / "linear.mlmodelc" / "analytics")
    assert run("decompile", "..", "-o", tmp_path / "out").exit_code == 0

    assert (tmp_path / "small" / "linear.mlpackage" / "Manifest.json").is_file()
    assert (tmp_path / "out" / "linear.mlpackage" / "Manifest.json").is_file()
    assert sorted(package.rglob("*")) == before


def test_the_bundle_carries_our_name_and_version(package: Path, tmp_path: Path) -> None:
    run("compile", package)

    text = (tmp_path / "linear.mlmodelc" / "model.mil").read_text(encoding="utf-8")

    version = run("--version").stdout.split()[1]
    assert f'{{"coremlc-version", "coreml-stable-diffusion-{version}"}}' in text


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["compile", "gone.mlpackage"], "gone.mlpackage cannot be read"),
        (["decompile", "gone.mlmodelc"], "gone.mlmodelc cannot be read"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(arguments: list[str], complaint: str) -> None:
    result = run(*arguments)

    [line] = result.stderr.splitlines()
    assert complaint in line
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("command", [["compress", "--nbits", "6", "--in-place"], ["chunk"]])
def test_a_bundle_under_another_name_is_no_package(
    command: list[str], package: Path, tmp_path: Path
) -> None:
    run("compile", package)
    bundle = (tmp_path / "linear.mlmodelc").rename(tmp_path / "linear")

    result = run(*command, bundle)

    assert result.exit_code == 2
    assert "linear is compiled" in result.stderr
    assert (bundle / "model.mil").is_file()


def test_apple_s_compiler_is_asked_where_it_is_wanted(package: Path) -> None:
    if shutil.which("xcrun"):
        pytest.skip("there is Xcode here")

    result = run("compile", package, "--with-apple-compiler")

    assert result.exit_code == 2
    assert "leave out --with-apple-compiler" in result.stderr
    assert not package.with_suffix(".mlmodelc").exists()
