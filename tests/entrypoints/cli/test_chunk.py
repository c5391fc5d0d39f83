"""`coreml-sd chunk` with real packages."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from samples.packages import convert_module
from torch import nn
from typer.testing import CliRunner, Result


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    package = tmp_path_factory.mktemp("packages") / "layers.mlpackage"
    module = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64))
    convert_module(module, {"x": np.zeros((1, 64), np.float32)}, ["y"], package)
    return package


@pytest.fixture
def package(layers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(layers, tmp_path / "layers.mlpackage"))


@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        ([], ["layers_chunk1.mlpackage", "layers_chunk2.mlpackage"]),
        (["-o", "new"], ["new/layers_chunk1.mlpackage", "new/layers_chunk2.mlpackage"]),
        (["--merge-chunks-in-pipeline-model"], ["layers_chunked_pipeline.mlpackage"]),
        (["--check-output-correctness"], ["layers_chunk1.mlpackage", "layers_chunk2.mlpackage"]),
    ],
)
def test_the_paths_of_what_was_made_are_printed(
    arguments: list[str], made: list[str], package: Path
) -> None:
    result = run("chunk", package.name, "--quiet", *arguments)

    assert (result.exit_code, result.stdout.splitlines(), result.stderr) == (0, made, "")
    assert all(Path(each).is_dir() for each in made)
    assert package.is_dir()


@pytest.mark.parametrize(
    "arguments",
    [["chunk", "."], ["chunk_mlprogram", "--mlpackage-path", ".", "-o", ".."]],
)
def test_chunks_are_named_after_the_folder_that_a_dot_is(
    arguments: list[str], package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(package)

    assert run(*arguments).exit_code == 0

    assert (package.parent / "layers_chunk1.mlpackage").is_dir()


def test_the_original_is_removed_only_when_asked_for(package: Path) -> None:
    run("chunk", package, "--remove-original", "--quiet")

    assert not package.exists()


def test_a_merged_package_runs(package: Path) -> None:
    run("chunk", package, "--merge-chunks-in-pipeline-model")
    np.savez("in.npz", x=np.ones((1, 64), np.float32))

    merged = "layers_chunked_pipeline.mlpackage"
    both = [
        run("run", name, "--inputs", "in.npz", "--outputs", f"{name}.npz", "--mode", "exact")
        for name in (merged, package.name)
    ]

    assert [each.exit_code for each in both] == [0, 0]
    with np.load(f"{merged}.npz") as ours, np.load(f"{package.name}.npz") as whole:
        assert np.array_equal(ours["y"], whole["y"])


@pytest.mark.parametrize("command", ["inspect", "compile", "chunk"])
def test_a_merged_package_is_refused_by_name_where_it_cannot_be_used(
    command: str, package: Path
) -> None:
    run("chunk", package, "--merge-chunks-in-pipeline-model")

    result = run(command, "layers_chunked_pipeline.mlpackage")

    [line] = result.stderr.splitlines()
    assert result.exit_code == 2
    assert "layers_chunked_pipeline.mlpackage is " in line


def test_a_chunk_is_not_cut_again(package: Path) -> None:
    run("chunk", package)

    result = run("chunk", "layers_chunk1.mlpackage")

    assert result.exit_code == 2
    assert "is made of chunks already" in result.stderr
