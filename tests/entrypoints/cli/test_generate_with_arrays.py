"""`coreml-sd generate --arrays`, with networks of one line each."""

import json
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from fakes.networks import FakeNetworkRuntime
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner, Result

NOISE = np.random.default_rng(3).standard_normal((2, 4, 3, 5)).astype(np.float32)
TEXTS = np.full((1, 77, 8), 0.25, dtype=np.float32)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def generate(*arguments: str | Path) -> Result:
    settings = ("-q", "--steps", "2", "--seed", "1")
    return CliRunner().invoke(app, ["generate", *map(str, arguments), *settings])


def pixels(file: str) -> NDArray[np.uint8]:
    with Image.open(file) as picture:
        return np.asarray(picture)


@pytest.mark.usefixtures("runtime")
def test_pictures_start_from_the_noise_of_a_file_and_are_drawn_again(model_folder: Path) -> None:
    np.savez("noise.npz", latents=NOISE)

    drawn = generate(
        *("a circle", "-m", model_folder, "-o", "a.png", "--arrays", "noise.npz", "--images", "2")
    )
    again = CliRunner().invoke(
        app, ["generate", "-m", str(model_folder), "--from-image", "a-2.png", "-o", "b.png", "-q"]
    )

    assert (drawn.exit_code, again.exit_code) == (0, 0)
    assert not np.array_equal(pixels("a.png"), pixels("a-2.png"))
    assert np.array_equal(pixels("b.png"), pixels("a-2.png"))
    with Image.open("b.png") as picture:
        record = json.loads(picture.info["coreml-sd"])
    assert (record["arrays"], record["arrays_row"]) == ("noise.npz", 1)


@pytest.mark.usefixtures("runtime")
def test_encoded_texts_take_the_prompts_place(model_folder: Path) -> None:
    np.savez("texts.npz", prompt_embeds=TEXTS, negative_prompt_embeds=TEXTS)

    result = generate("-m", model_folder, "-o", "a.png", "--arrays", "texts.npz")

    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"noise": NOISE}, "--arrays: there is no use for noise of a.npz; known are latents,"),
        ({"latents": NOISE}, "latents: shape (2, 4, 3, 5) is not (1, channels"),
        ({"prompt_embeds": TEXTS[0]}, "prompt_embeds: shape (77, 8) is not (1, length, width)"),
    ],
)
def test_arrays_of_no_use_are_told_in_one_line(
    arrays: dict[str, NDArray[np.float32]],
    complaint: str,
    runtime: FakeNetworkRuntime,
    model_folder: Path,
) -> None:
    np.savez("a.npz", allow_pickle=False, **arrays)

    result = generate("a circle", "-m", model_folder, "-o", "a.png", "--arrays", "a.npz")

    [line] = result.stderr.splitlines()
    assert complaint in line
    assert (result.exit_code, runtime.loaded) == (2, [])


def test_a_file_of_no_arrays_is_told_in_one_line(model_folder: Path) -> None:
    Path("a.npz").write_bytes(b"nothing")

    result = generate("a circle", "-m", model_folder, "-o", "a.png", "--arrays", "a.npz")

    [line] = result.stderr.splitlines()
    assert "a.npz holds no inputs" in line
