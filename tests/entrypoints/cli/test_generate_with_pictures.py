"""Masks, ControlNets, sizes and previews of `coreml-sd generate`, with networks of one line."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from fakes.networks import FakeNetworkRuntime
from PIL import Image
from typer.testing import CliRunner, Result


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    mask = np.zeros((24, 40), dtype=np.uint8)
    mask[:, 20:] = 255
    Image.fromarray(np.full((24, 40, 3), 90, dtype=np.uint8)).save(tmp_path / "in.png")
    Image.fromarray(mask).save(tmp_path / "mask.png")
    Image.fromarray(mask[:12]).save(tmp_path / "small.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def generate(*arguments: str | Path) -> Result:
    settings = ("-q", "--steps", "3", "--scheduler", "Euler", "--seed", "1")
    return CliRunner().invoke(app, ["generate", "a circle", *map(str, arguments), *settings])


def record(file: Path) -> dict[str, Any]:
    with Image.open(file) as picture:
        read: dict[str, Any] = json.loads(picture.info["coreml-sd"])
    return read


@pytest.mark.usefixtures("runtime")
def test_outside_of_a_mask_pixels_are_kept_and_the_record_tells_of_it(
    model_folder: Path, pictures: Path
) -> None:
    result = generate(
        *("-m", model_folder, "-o", "out.png", "--image", "in.png"),
        *("--mask", "mask.png"),
    )

    assert result.exit_code == 0
    pixels = np.asarray(Image.open("out.png"))
    assert (pixels[:, :20] == 90).all()
    assert not (pixels[:, 20:] == 90).all()
    told = record(pictures / "out.png")
    assert (told["mask"], told["keep_outside"], told["strength"]) == ("mask.png", True, 1.0)
    assert told["mask_sha256"] == hashlib.sha256(Path("mask.png").read_bytes()).hexdigest()


@pytest.mark.usefixtures("runtime")
def test_a_controlnet_is_recorded_with_its_picture(model_folder: Path, pictures: Path) -> None:
    result = generate(
        *("-m", model_folder, "-o", "out.png", "--control-image", "in.png"),
        *("--controlnet", "edges", "--control-scale", "0.5", "--guess-mode"),
    )

    assert result.exit_code == 0
    told = record(pictures / "out.png")
    [control] = told["controls"]
    assert (control["image"], control["controlnet"], control["scale"]) == ("in.png", "edges", 0.5)
    assert told["guess_mode"] is True


@pytest.mark.usefixtures("runtime", "pictures")
def test_every_other_step_is_saved_as_a_small_picture_of_its_own(model_folder: Path) -> None:
    result = generate("-m", model_folder, "-o", "a.png", "--images", "2", "--save-every", "2")

    assert result.exit_code == 0
    found = sorted(path.name for path in Path().glob("a*.png"))
    assert found == ["a-2-step-2.png", "a-2.png", "a-step-2.png", "a.png"]
    with Image.open("a-step-2.png") as preview:
        assert preview.size == (5, 3)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--mask", "mask.png"], "--mask: there is no picture to change"),
        (["--image", "in.png", "--mask", "small.png"], "--mask: it has 40 x 12 pixels where"),
        (["--image", "in.png", "--keep-outside"], "--keep-outside: there is no mask"),
        (["--control-image", "none.png"], "none.png cannot be read as a picture"),
        (["--control-image", "in.png"] * 2, "--control-image: 2 control images for 0 ControlNets"),
        (["--control-image", "in.png", "--controlnet", "x"], "--controlnet: there is no x; the"),
        (["--guess-mode"], "--guess-mode: there is no control image"),
        (["--refiner-start", "0.5"], "--refiner-start: the model folder has no refiner"),
        (["--refiner-start", "2"], "--refiner-start: 2.0 is not from 0 to 1"),
        (["--guidance-rescale", "-1"], "--guidance-rescale: -1.0 is not from 0 to 1"),
        (["--target-size", "512"], "--target-size: 512 is not two whole numbers"),
        (["--original-size", "inf,5"], "--original-size: inf is not a finite number"),
        (["--target-size", "nan,5"], "--target-size: nan is not a finite number"),
        (["--aesthetic-score", "nan"], "--aesthetic-score: nan is not a finite number"),
        (["--original-size", "1,x"], "--original-size: '1,x' is not numbers with commas"),
        (["--height", "0"], "--height: 0 is less than 1"),
        (["--save-every", "0"], "--save-every: 0 is less than 1"),
        (["--image-guidance-scale", "2"], "--image-guidance-scale: this model is not one"),
    ],
)
@pytest.mark.usefixtures("pictures")
def test_what_cannot_be_met_is_told_in_one_line_before_anything_is_loaded(
    arguments: list[str], complaint: str, runtime: FakeNetworkRuntime, model_folder: Path
) -> None:
    result = generate("-m", model_folder, "-o", "a.png", *arguments)

    [line] = result.stderr.splitlines()
    assert line.startswith("coreml-sd: ")
    assert complaint in line
    assert (result.exit_code, result.stdout) == (2, "")
    assert runtime.loaded == []


@pytest.mark.usefixtures("runtime", "pictures")
def test_a_size_that_the_packages_have_not_is_told_with_those_that_they_have(
    model_folder: Path,
) -> None:
    result = generate("-m", model_folder, "-o", "a.png", "--height", "64")

    assert result.exit_code == 2
    assert result.stderr.endswith("width x height can be 40 x 24 only\n")
