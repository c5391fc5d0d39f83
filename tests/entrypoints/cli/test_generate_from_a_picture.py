"""`coreml-sd generate --image`, with networks of one line each."""

import hashlib
import json
from pathlib import Path

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.entrypoints.cli.main import app
from fakes.networks import FakeNetworkRuntime
from PIL import Image
from samples.model_folder import MANIFEST, write_model_folder
from samples.scripted_conversion import ScriptedConversion
from typer.testing import CliRunner, Result


def generate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["generate", *map(str, arguments)])


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    pixels = np.full((48, 80, 3), (200, 30, 60), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "in.png")
    return tmp_path / "in.png"


@pytest.mark.usefixtures("runtime")
def test_the_picture_says_what_it_was_made_from(
    model_folder: Path, picture: Path, tmp_path: Path
) -> None:
    file = tmp_path / "out.png"

    result = generate(
        *("a circle", "-m", model_folder, "-o", file, "--seed", "3"),
        *("--image", picture, "--strength", "0.6"),
    )

    assert (result.exit_code, result.stdout) == (0, f"{file}\n")
    assert "The picture was resized from 80 x 48 to 40 x 24 pixels\n" in result.stderr
    with Image.open(file) as drawn:
        record = json.loads(drawn.info["coreml-sd"])
        assert "Denoising strength: 0.6" in drawn.info["parameters"]
    assert (record["image"], record["strength"]) == ("in.png", 0.6)
    assert record["image_sha256"] == hashlib.sha256(picture.read_bytes()).hexdigest()


@pytest.mark.usefixtures("runtime")
def test_a_strength_left_out_is_recorded(model_folder: Path, picture: Path, tmp_path: Path) -> None:
    generate("a circle", "-m", model_folder, "-o", tmp_path / "a.png", "--image", picture)

    with Image.open(tmp_path / "a.png") as drawn:
        assert json.loads(drawn.info["coreml-sd"])["strength"] == 0.8


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--image", "in.png", "--strength", "0"], "--strength: 0.0 is not above 0"),
        (["--image", "in.png", "--strength", "1.5"], "--strength: 1.5 is not above 0"),
        (["--image", "in.png", "--strength", "nan"], "--strength: nan is not above 0"),
        (["--image", "in.png", "--strength", "0.01"], "--strength: 0.01 of 25 steps is less"),
        (["--strength", "0.5"], "--strength: there is no picture to change"),
        (["--image", "none.png"], "none.png cannot be read as a picture: there is no such file"),
        (["--image", __file__], "cannot be read as a picture: it is in no format"),
        (["--image", "."], "cannot be read as a picture: it is a folder"),
        (
            ["--image", "in.png", "-o", "./in.png"],
            "--output: in.png is a picture that is drawn from; give another name",
        ),
        (["--image", "in.png", "--grid", "in.png"], "--grid: in.png is a picture of its own"),
    ],
)
def test_what_cannot_be_met_is_told_in_one_line_before_any_work(
    arguments: list[str],
    complaint: str,
    *,
    runtime: FakeNetworkRuntime,
    conversion: ScriptedConversion,
    picture: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(picture.parent)

    result = generate("a circle", "-q", "-o", "a.png", *arguments)

    [line] = result.stderr.splitlines()
    assert line.startswith("coreml-sd: ")
    assert complaint in line
    assert (result.exit_code, result.stdout) == (2, "")
    assert (runtime.loaded, conversion.asked) == ([], [])


def test_a_model_folder_without_a_vae_encoder_is_refused_before_it_is_loaded(
    runtime: FakeNetworkRuntime, picture: Path, tmp_path: Path
) -> None:
    packages = [each for each in MANIFEST.packages if each.component is not Component.VAE_ENCODER]
    folder = write_model_folder(
        tmp_path / "halved", attrs.evolve(MANIFEST, packages=tuple(packages))
    )

    result = generate("a circle", "-m", folder, "-o", tmp_path / "a.png", "--image", picture)

    assert result.exit_code == 2
    assert "halved has no vae_encoder; it has: text_encoder, unet, vae_decoder" in result.stderr
    assert runtime.loaded == []
