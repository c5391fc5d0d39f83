"""`coreml-sd info`."""

import json
from pathlib import Path

import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from typer.testing import CliRunner, Result

PARAMETERS = "a cat\nNegative prompt: blur\nSteps: 20, Sampler: Euler a, Seed: 3"


def info(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["info", *map(str, arguments)])


def png(path: Path, **texts: str) -> Path:
    metadata = PngInfo()
    for key, text in texts.items():
        metadata.add_text(key.replace("_", "-"), text)
    Image.new("RGB", (2, 2)).save(path, pnginfo=metadata)
    return path


@pytest.mark.usefixtures("runtime")
def test_the_settings_of_a_picture_that_was_drawn_here_are_shown(
    model_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.png"
    drawing = ("generate", "a [red] circle", "-m", model_folder, "-o", file, "--steps", "2")
    CliRunner().invoke(app, [*map(str, drawing), "--seed", "5", "-q"])

    table, document = info(file), json.loads(info(file, "--json").stdout)

    assert table.stdout.startswith("a.png, by coreml-sd\n")
    rows = dict(line.partition("  ")[::2] for line in table.stdout.splitlines()[1:])
    assert rows["prompt"].strip() == "a [red] circle"
    assert rows["num_inference_steps"].strip() == "2"
    assert "timesteps" not in rows
    assert document["program"] == "coreml-sd"
    assert document["settings"]["seed"] == 5
    assert len(document["sha256"]) == 64


def test_the_settings_of_the_web_ui_are_read(tmp_path: Path) -> None:
    file = png(tmp_path / "a.png", parameters=PARAMETERS)

    settings = json.loads(info(file, "--json").stdout)["settings"]

    assert settings["Sampler"] == "Euler a"


def test_they_are_read_out_of_a_jpeg_file_too(tmp_path: Path) -> None:
    exif = Image.Exif()
    comment = b"UNICODE\0" + PARAMETERS.encode("utf-16-be")
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = comment
    Image.new("RGB", (2, 2)).save(tmp_path / "a.jpg", exif=exif)

    assert "Euler a" in info(tmp_path / "a.jpg").stdout


@pytest.mark.parametrize(
    ("texts", "complaint"),
    [
        ({}, "a.png: its metadata holds no settings that are known"),
        ({"coreml_sd": "{"}, "a.png: the settings in its metadata are damaged"),
        ({"coreml_sd": "[]"}, "a.png: the settings in its metadata are damaged"),
    ],
)
def test_a_picture_without_settings_is_told_in_one_line(
    texts: dict[str, str], complaint: str, tmp_path: Path
) -> None:
    result = info(png(tmp_path / "a.png", **texts))

    assert (result.exit_code, result.stderr) == (2, f"coreml-sd: {complaint}\n")


def test_what_is_no_picture_is_told_in_one_line(tmp_path: Path) -> None:
    result = info(tmp_path / "none.png")

    assert result.exit_code == 2
    assert "none.png cannot be read as a picture: there is no such file" in result.stderr
