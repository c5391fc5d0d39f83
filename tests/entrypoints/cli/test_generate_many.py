"""`coreml-sd generate` with many prompts, names by pattern, a grid, and progress for programs."""

import json
import weakref
from collections.abc import Mapping
from pathlib import Path

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from coreml_stable_diffusion.entrypoints.container import Container
from dependency_injector import providers
from fakes.images import FakeImageStore
from fakes.networks import FakeNetworkRuntime
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner, Result


def generate(*arguments: object, stdin: str | None = None) -> Result:
    told = ["generate", "--steps", "1", "--seed", "5", *map(str, arguments)]
    return CliRunner().invoke(app, told, input=stdin)


@pytest.mark.usefixtures("runtime")
def test_every_line_is_drawn_with_seeds_that_go_on(model_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "prompts.txt").write_text("a circle\n\na star\n", encoding="utf-8")

    result = generate(
        *("--prompts", tmp_path / "prompts.txt", "-m", model_folder, "--images", 2),
        *("-o", tmp_path / "{prompt}" / "{index}-{seed}.png"),
    )

    names = ["a-circle/1-5.png", "a-circle/2-6.png", "a-star/3-7.png", "a-star/4-8.png"]
    assert result.stdout.splitlines() == [str(tmp_path / name) for name in names]
    with Image.open(tmp_path / names[3]) as picture:
        record = json.loads(picture.info["coreml-sd"])
    assert (record["prompt"], record["seed"]) == ("a star", 8)
    begun = [line for line in result.stderr.splitlines() if line.endswith("(1 steps)")]
    assert begun == [f"Picture {number} of 4 (1 steps)" for number in (1, 2, 3, 4)]


@pytest.mark.usefixtures("runtime")
def test_prompts_come_through_a_pipe_and_make_names(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = generate("--prompts", "-", "-m", model_folder, stdin="a circle\na star\n")

    assert result.stdout.splitlines() == ["a-circle-5.png", "a-star-6.png"]


@pytest.mark.usefixtures("runtime")
def test_all_pictures_stand_in_one(model_folder: Path, tmp_path: Path) -> None:
    grid = tmp_path / "grid.png"
    result = generate(
        *("a circle", "-m", model_folder, "--images", 3),
        *("-o", tmp_path / "{index}.png", "--grid", grid),
    )

    assert result.stdout.splitlines()[-1] == str(grid)
    with Image.open(grid) as picture, Image.open(tmp_path / "3.png") as third:
        together = np.asarray(picture)
        assert together.shape == (48, 80, 3)
        assert np.array_equal(together[24:, :40], np.asarray(third))


@attrs.define
class ForgetfulStore(FakeImageStore):
    """Counts how many of the pictures that it was given are still held when another comes."""

    given: list[weakref.ref[NDArray[np.uint8]]] = attrs.field(factory=list)
    held: list[int] = attrs.field(factory=list)

    def save(self, path: Path, pixels: NDArray[np.uint8], texts: Mapping[str, str]) -> None:
        del path, texts
        self.held.append(sum(each() is not None for each in self.given))
        self.given.append(weakref.ref(pixels))


@pytest.mark.usefixtures("runtime")
def test_pictures_are_let_go_once_they_are_saved(model_folder: Path, tmp_path: Path) -> None:
    store = ForgetfulStore()
    with Container.image_store.override(providers.Object(store)):
        generate("a", "-m", model_folder, "--images", 4, "-o", tmp_path / "{index}.png")

    assert store.held == [0, 0, 0, 0]


@pytest.mark.usefixtures("runtime")
def test_progress_for_programs_is_json_line_by_line(model_folder: Path, tmp_path: Path) -> None:
    result = generate(
        "a circle", "-m", model_folder, "-o", tmp_path / "a.png", "--progress", "json"
    )

    events = [json.loads(line) for line in result.stderr.splitlines()]
    assert events[0] == {"event": "note", "message": "Seed 5"}
    assert {"event": "step", "task": 2, "done": 1, "steps": 1} in events
    assert events[-1]["event"] == "end"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "PROMPT: say what the picture shows, or give --prompts or --from-image"),
        (["a", "--prompts", "-"], "--prompts: there is a PROMPT, too; give one of them"),
        (["--prompts", "-"], "--prompts: standard input has no prompts; write one a line"),
        (["--prompts", "none.txt"], "--prompts: none.txt: No such file or directory"),
        (["a", "-o", "{model}.png"], "--output: {model}.png: {model} is not known"),
        (["a", "--grid", __file__ + "/a.png"], "a.png cannot be written"),
        (["a", "--grid", "a.jpg"], "--grid: a.jpg is no PNG file"),
        (["a", "--grid", "b.png", "-o", "b.png"], "--grid: b.png is a picture of its own"),
        (["a", "--grid", "c/../b.png", "-o", "b.png"], "b.png is a picture of its own"),
        (["a", "--scheduler", "euler b"], "euler b is not one of"),
    ],
)
def test_what_cannot_be_met_is_told_in_one_line(
    arguments: list[str],
    complaint: str,
    runtime: FakeNetworkRuntime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)

    result = generate(*arguments, "-q", stdin="")

    [line] = result.stderr.splitlines()
    assert line.startswith("coreml-sd: ")
    assert complaint in line
    assert (result.exit_code, result.stdout) == (2, "")
    assert runtime.loaded == []
