"""Packages that are made again by a recipe, in the real program."""

import json
import shutil
from pathlib import Path
from typing import Any, cast

import attrs
import pytest
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.application.convert import Convert
from coreml_stable_diffusion.application.reproduce import Reproduce
from coreml_stable_diffusion.entrypoints.cli.main import app
from samples.manifests import manifest
from samples.scripted_conversion import ScriptedConversion
from typer.testing import CliRunner, Result

COMPONENTS = ("text_encoder", "vae_encoder")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["convert", *map(str, arguments), "--quiet"])


@pytest.fixture(scope="module")
def original(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two networks that were converted with other settings each."""
    folder = tmp_path_factory.mktemp("original")
    settings = (["--min-deployment-target", "macOS14"], ["--precision", "float32"])
    for component, options in zip(COMPONENTS, settings, strict=True):
        made = run(tiny_checkpoint, "-o", folder, "--components", component, *options)
        assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
def recipe(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original / "pipeline.json", tmp_path))


def change(recipe: Path, **values: Any) -> None:
    document = json.loads(recipe.read_text())
    document["packages"][0] |= values
    recipe.write_text(json.dumps(document))


def test_the_same_bytes_are_made_again(original: Path, recipe: Path, tmp_path: Path) -> None:
    result = run("--recipe", recipe, "-o", tmp_path / "again")

    assert result.exit_code == 0, result.output
    assert LocalWorkspace().digests(tmp_path / "again") == LocalWorkspace().digests(original)


def test_what_comes_out_otherwise_is_told_with_what_may_be_why(
    recipe: Path, tmp_path: Path
) -> None:
    change(recipe, files={"Manifest.json": "12ab"}, versions={"coremltools": "8.3"})

    result = run("--recipe", recipe, "-o", tmp_path / "again")

    assert result.exit_code == 1
    assert "text encoder: other bytes in Data/com.apple.CoreML/model.mlmodel" in result.stderr
    assert "coremltools was 8.3, is 9" in result.stderr


def test_a_recipe_has_every_setting(recipe: Path, tmp_path: Path) -> None:
    result = run("--recipe", recipe, "-o", tmp_path / "again", "--unet-batch-one")

    assert result.exit_code == 2
    assert "leave all others out" in result.stderr


def test_a_lora_that_a_recipe_tells_of_has_to_be_given(recipe: Path, tmp_path: Path) -> None:
    document = json.loads(recipe.read_text())
    document["changes"] = [{"kind": "LoRA", "name": "a.safetensors", "digest": "1", "scale": 0.5}]
    recipe.write_text(json.dumps(document))

    result = run("--recipe", recipe, "-o", tmp_path / "again")

    assert result.exit_code == 2
    assert "--lora: the model was made with a.safetensors; give a.safetensors:0.5" in result.stderr


def test_without_a_recipe_there_is_a_model(tmp_path: Path) -> None:
    result = run("-o", tmp_path / "again")

    assert result.exit_code == 2
    assert "MODEL: say what to convert, or give --recipe" in result.stderr


def test_what_goes_with_a_model_is_that_of_the_recipe(tmp_path: Path) -> None:
    whole = manifest()
    recipe = attrs.evolve(whole, facts=attrs.evolve(whole.facts, changes=()))
    conversion = ScriptedConversion()

    Reproduce(cast("Convert", conversion))(recipe, tmp_path / "again")

    assert conversion.additions[-1].controlnets == ("owner/edges",)
    assert conversion.additions[-1].revisions == {"owner/edges": "4567cdef"}
