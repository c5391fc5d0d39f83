"""`coreml-sd generate --from-image`: the same picture, bit by bit."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from typer.testing import CliRunner, Result

pytestmark = pytest.mark.usefixtures("runtime")


def generate(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["generate", "-q", *map(str, arguments)])


def pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        return np.array(picture)


def record(path: Path) -> dict[str, Any]:
    with Image.open(path) as picture:
        settings: dict[str, Any] = json.loads(picture.info["coreml-sd"])
        return settings


def rewritten(path: Path, **changed: object) -> Path:
    """The picture with other settings in its metadata."""
    metadata = PngInfo()
    metadata.add_text("coreml-sd", json.dumps(record(path) | changed))
    with Image.open(path) as picture:
        picture.save(path, pnginfo=metadata)
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "source.png"
    noise = np.random.default_rng(3).integers(0, 256, (24, 40, 3), dtype=np.uint8)
    Image.fromarray(noise).save(file)
    return file


@pytest.fixture
def first(tmp_path: Path, model_folder: Path) -> Path:
    """The second picture of two with many settings."""
    generate(
        *("(a:1.2) circle", "-m", model_folder, "-o", tmp_path / "first-{index}.png"),
        *("--images", 2, "--seed", 5, "--sigmas", "14.6,3.1,0.1,0", "--rng", "torch"),
        *("--scheduler", "euler a", "--guidance-scale", 2.25),
        *("--negative-prompt", "a [b]", "--prompt-syntax", "a1111"),
    )
    return tmp_path / "first-2.png"


def test_every_setting_comes_out_of_the_picture(
    first: Path, model_folder: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.png"

    result = generate("--from-image", first, "-m", model_folder, "-o", again)

    assert result.exit_code == 0
    assert record(again) == record(first)
    assert record(again)["seed"] == 6
    assert np.array_equal(pixels(again), pixels(first))


def test_what_is_given_beside_it_is_changed(
    first: Path, model_folder: Path, tmp_path: Path
) -> None:
    changed = tmp_path / "changed.png"

    generate(
        *("--from-image", first, "-m", model_folder, "-o", changed),
        *("--guidance-scale", 7.5, "--seed", 0),
    )

    assert record(changed) == record(first) | {"guidance_scale": 7.5, "seed": 0}
    assert not np.array_equal(pixels(changed), pixels(first))


@pytest.mark.parametrize("masked", [False, True])
def test_the_pictures_that_it_was_made_from_are_found_beside_it(
    masked: bool, source: Path, model_folder: Path, tmp_path: Path
) -> None:
    mask = ("--mask", source, "--keep-outside") if masked else ()
    first, again = tmp_path / "first.png", tmp_path / "again.png"
    told = ("-m", model_folder, "--seed", 3, "--steps", 4, "--scheduler", "Euler")
    generate("a circle", *told, "-o", first, "--image", source, "--strength", 0.5, *mask)

    result = generate("--from-image", first, "-m", model_folder, "-o", again)

    assert (result.exit_code, result.stderr) == (0, "")
    assert record(again) == record(first)
    assert np.array_equal(pixels(again), pixels(first))


def test_what_controlnets_read_is_found_beside_it(
    source: Path, model_folder: Path, tmp_path: Path
) -> None:
    first, again = tmp_path / "first.png", tmp_path / "again.png"
    control = ("--control-image", source, "--controlnet", "edges", "--control-scale", 0.3)
    told = ("-m", model_folder, "--steps", 2, "--scheduler", "Euler", "--guess-mode")
    generate("a circle", *told, "-o", first, "--image", source, *control)

    result = generate("--from-image", first, "-m", model_folder, "-o", again)

    assert (result.exit_code, result.stderr) == (0, "")
    assert record(again) == record(first)
    assert np.array_equal(pixels(again), pixels(first))


def test_another_picture_than_it_was_made_from_is_refused(
    source: Path, model_folder: Path, tmp_path: Path
) -> None:
    first = tmp_path / "first.png"
    generate("a circle", "-m", model_folder, "-o", first, "--image", source, "--steps", 4)
    Image.new("RGB", (40, 24)).save(source)
    told = ("--from-image", first, "-m", model_folder, "-o", tmp_path / "again.png")

    found, named = generate(*told), generate(*told, "--image", source)
    source.unlink()
    missing = generate(*told)

    line = "coreml-sd: --from-image: source.png is not the picture that it was made from;"
    assert found.stderr == named.stderr == f"{line} name that one with --image\n"
    assert "it was made from source.png, which is not beside it" in missing.stderr
    assert {found.exit_code, named.exit_code, missing.exit_code} == {2}


def test_another_model_is_refused(first: Path, model_folder: Path, tmp_path: Path) -> None:
    packages = record(first)["packages"]
    rewritten(first, packages={**packages, "UNet": "0" * 64})

    result = generate("--from-image", first, "-m", model_folder, "-o", tmp_path / "again.png")

    line = "coreml-sd: --from-image: the UNet of sample did not draw it;"
    assert result.exit_code == 2
    assert result.stderr == f"{line} name the folder of its own with --model\n"


def test_settings_of_another_version_are_refused(first: Path, tmp_path: Path) -> None:
    rewritten(first, version="9.0", wings=2)

    result = generate("--from-image", first, "-o", tmp_path / "again.png")

    assert result.stderr == (
        "coreml-sd: first-2.png: its settings are those of another version, 9.0\n"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"guidance_scale": "many"},
        {"seed": 1.5},
        {"prompt": None},
        {"model": ["a"]},
        {"timesteps": 3},
        {"packages": []},
        {"controls": [{"image": 1, "sha256": "", "controlnet": None, "scale": 1}]},
        {"controls": 7},
        {"sizes": {"aesthetic_score": "high"}},
        {"sizes": {"original_size": ["a", "b"]}},
        {"image": "a.png", "image_sha256": 5},
        {"rng": "dice"},
        {"runtime": "abacus"},
        {"prompt_syntax": "verse"},
        {"scheduler": "stairs"},
        {"seed": -1},
        {"sigmas": ["a"]},
        {"image": "../../source.png", "image_sha256": "0"},
    ],
    ids=str,
)
def test_what_a_stranger_wrote_into_a_picture_is_refused_in_one_line(
    changed: dict[str, Any], first: Path, model_folder: Path, tmp_path: Path
) -> None:
    rewritten(first, **changed)

    result = generate("--from-image", first, "-m", model_folder, "-o", tmp_path / "again.png")

    [line] = result.stderr.splitlines()
    assert line.startswith("coreml-sd: ")
    assert result.exit_code == 2


def test_a_picture_without_settings_is_refused(source: Path, tmp_path: Path) -> None:
    result = generate("--from-image", source, "-o", tmp_path / "again.png")

    assert result.stderr == ("coreml-sd: source.png: its metadata holds no settings of coreml-sd\n")
