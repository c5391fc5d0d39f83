"""`coreml-sd bundle` with the packages of a real checkpoint."""

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from PIL import Image
from typer.testing import CliRunner, Result


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture
def packages(tiny_packages: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_packages, tmp_path / "tiny"))


def picture(model: Path, file: Path) -> list[list[list[int]]]:
    result = run("generate", "a red circle", "-m", model, "-o", file, "--seed", "1", "--steps", "2")
    assert result.exit_code == 0, result.stderr
    pixels: list[list[list[int]]] = np.asarray(Image.open(file)).tolist()
    return pixels


def test_the_folder_draws_what_the_packages_draw(packages: Path, tmp_path: Path) -> None:
    result = run("bundle", packages, "--quiet")

    assert (result.exit_code, result.stdout) == (0, f"{packages / 'Resources'}\n")
    assert sorted(path.name for path in (packages / "Resources").iterdir()) == [
        "SafetyChecker.mlmodelc",
        "TextEncoder.mlmodelc",
        "Unet.mlmodelc",
        "VAEDecoder.mlmodelc",
        "VAEEncoder.mlmodelc",
        "merges.txt",
        "pipeline.json",
        "vocab.json",
    ]
    both = [picture(each, tmp_path / "a.png") for each in (packages, packages / "Resources")]
    assert both[0] == both[1]


def test_a_folder_of_bundles_alone_draws_the_same(packages: Path, tmp_path: Path) -> None:
    run("bundle", packages)
    before = picture(packages / "Resources", tmp_path / "a.png")
    (packages / "Resources" / "pipeline.json").unlink()

    assert picture(packages / "Resources", tmp_path / "b.png") == before


def test_chunks_alone_draw_the_same(packages: Path, tmp_path: Path) -> None:
    before = picture(packages, tmp_path / "a.png")
    run("chunk", packages / "Stable_Diffusion_version_tiny_unet.mlpackage", "--remove-original")
    run("bundle", packages)

    assert not (packages / "Resources" / "Unet.mlmodelc").exists()
    for folder in (packages, packages / "Resources"):
        difference = np.subtract(picture(folder, tmp_path / "b.png"), before)
        assert np.abs(difference).max() <= 1


def test_the_archive_is_for_the_app(packages: Path) -> None:
    result = run("bundle", packages, "-o", packages / "new", "--zip", "me/coreml-tiny", "--quiet")

    archive = packages / "coreml-tiny_original_compiled.zip"
    assert result.stdout.splitlines() == [str(packages / "new"), str(archive)]
    names = zipfile.ZipFile(archive).namelist()
    assert "coreml-tiny_original_compiled/Unet.mlmodelc/model.mil" in names


def test_the_archive_stands_beside_the_folder_that_a_dot_is(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    run("bundle", packages, "-o", ".", "--zip", "me/coreml-tiny")

    assert (tmp_path / "coreml-tiny_original_compiled.zip").is_file()


def test_what_is_no_folder_of_packages_is_told_in_one_line(tmp_path: Path) -> None:
    result = run("bundle", tmp_path)

    [line] = result.stderr.splitlines()
    assert result.exit_code == 2
    assert "is not a folder of converted packages" in line
