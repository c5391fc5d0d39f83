"""`coreml-sd run` with a real package and its bundle, on the reference runtime."""

import json
from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from PIL import Image
from samples.bundles import compiled
from samples.packages import (
    WEIGHT,
    save_grey_package,
    save_linear_package,
    save_sum_package,
    save_two_functions,
)
from typer.testing import CliRunner, Result

X = np.arange(8, dtype=np.float32).reshape(1, 8)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("packages") / "linear.mlpackage"
    save_linear_package(made)
    return made


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_two_functions(tmp_path_factory.mktemp("functions"), np.ones((2, 4), np.float32))


@pytest.fixture(scope="module")
def half_sum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("packages") / "sum.mlpackage"
    save_sum_package(made)
    return made


@pytest.fixture(scope="module")
def grey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """y = 2 x for a grey picture x of 6 by 4 pixels."""
    made = tmp_path_factory.mktemp("packages") / "grey.mlpackage"
    save_grey_package(made, 4, 6)
    return made


def run_on_pictures(package: Path, folder: Path, *told: str) -> Result:
    pictures = [part for each in told for part in ("--picture", each)]
    files = ["--outputs", str(folder / "out.npz"), *pictures]
    arguments = ["run", str(package), *files, "--runtime", "reference", "--json"]
    return CliRunner().invoke(app, arguments)


def run(package: Path, folder: Path, *options: str) -> Result:
    files = ["--inputs", str(folder / "in.npz"), "--outputs", str(folder / "out.npz")]
    arguments = ["run", str(package), *files, "--runtime", "reference", *options]
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize("mode", ["fast", "exact"])
def test_a_bundle_computes_what_numpy_computes(mode: str, package: Path, tmp_path: Path) -> None:
    bundle = compiled(package, tmp_path / "linear.mlmodelc")
    np.savez(tmp_path / "in.npz", x=X)

    result = run(bundle, tmp_path, "--mode", mode)

    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'out.npz'}\n")
    with np.load(tmp_path / "out.npz") as outputs:
        assert outputs.files == ["y"]
        assert np.allclose(outputs["y"], np.maximum(X @ WEIGHT.T, 0), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({}, "input x is missing"),
        ({"z": X}, "there is no input z; it has: x"),
        ({"x": X[:, :4]}, "input x has shape (1, 4) where (1, 8) is needed"),
        ({"x": X.astype(np.float64)}, "input x has type float64 where float32 is needed"),
    ],
)
def test_inputs_that_do_not_fit_are_told_in_one_line(
    arrays: dict[str, np.ndarray], complaint: str, package: Path, tmp_path: Path
) -> None:
    np.savez(tmp_path / "in.npz", allow_pickle=False, **arrays)

    result = run(package, tmp_path)

    [line] = result.stderr.splitlines()
    assert complaint in line
    assert result.exit_code == 2
    assert not (tmp_path / "out.npz").exists()


def test_the_function_that_is_named_runs(functions: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", x=np.ones((2, 4), np.float32))

    assert run(functions, tmp_path, "--function", "wide").exit_code == 0

    with np.load(tmp_path / "out.npz") as outputs:
        assert np.allclose(outputs["y"], [[5, 5, 5, 5, 0]] * 2)


def test_a_function_that_is_not_there_is_told_with_those_that_are(
    functions: Path, tmp_path: Path
) -> None:
    np.savez(tmp_path / "in.npz", x=np.ones((2, 4), np.float32))

    result = run(functions, tmp_path, "--function", "tall")

    assert result.stderr == "coreml-sd: --function: tall is not there; take narrow or wide\n"
    assert result.exit_code == 2


def test_the_faithful_mode_tells_what_overflows(half_sum: Path, tmp_path: Path) -> None:
    big = np.array([[40000, 1, 40000], [1, 1, 1]], np.float16)
    np.savez(tmp_path / "in.npz", x=big, y=big)

    result = run(half_sum, tmp_path, "--mode", "faithful")

    title, header, first, second = [" ".join(line.split()) for line in result.stderr.splitlines()]
    assert title == "Results that are no finite numbers"
    assert header == "operation output infinite not a number arose"
    assert (first[:4], first[-8:]) == ("add ", "2 0 here")
    assert second == "cast sum 2 0 before"
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'out.npz'}\n")


def test_the_faithful_mode_tells_that_nothing_overflows(half_sum: Path, tmp_path: Path) -> None:
    ones = np.ones((2, 3), np.float16)
    np.savez(tmp_path / "in.npz", x=ones, y=ones)

    result = run(half_sum, tmp_path, "--mode", "faithful")

    assert result.stderr == "every result is a finite number\n"


def test_a_trace_has_what_every_operation_gives(package: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", x=X)

    result = run(package, tmp_path, "--mode", "exact", "--trace", str(tmp_path / "all.npz"))

    assert result.exit_code == 0
    with np.load(tmp_path / "all.npz") as results:
        assert results.files == ["product", "y"]
        assert np.allclose(results["product"], X @ WEIGHT.T, rtol=1e-6, atol=1e-6)
        assert np.allclose(results["y"], np.maximum(X @ WEIGHT.T, 0), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "way_out"),
    [(["--mode", "fast"], "take exact or faithful"), (["--runtime", "coreml"], "take --runtime")],
)
def test_what_computes_in_one_piece_is_not_traced(
    options: list[str], way_out: str, package: Path, tmp_path: Path
) -> None:
    np.savez(tmp_path / "in.npz", x=X)

    result = run(package, tmp_path, "--trace", str(tmp_path / "all.npz"), *options)

    [line] = result.stderr.splitlines()
    assert way_out in line
    assert result.exit_code == 2
    assert not (tmp_path / "all.npz").exists()


def test_a_picture_is_an_input_by_name(grey: Path, tmp_path: Path) -> None:
    Image.new("RGB", (6, 4), (255, 0, 0)).save(tmp_path / "red.png")

    result = run_on_pictures(grey, tmp_path, f"x={tmp_path / 'red.png'}")

    assert json.loads(result.stdout) == {
        "file": str(tmp_path / "out.npz"),
        "outputs": [{"name": "y", "shape": [1, 1, 4, 6], "dtype": "float32"}],
        "faults": None,
    }
    with np.load(tmp_path / "out.npz") as outputs:
        assert np.array_equal(outputs["y"], np.full((1, 1, 4, 6), 2 * 76))


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ("red.png", "--picture: 'red.png' is not the form NAME=FILE"),
        ("z=red.png", "there is no input z; it has: x"),
        ("x=blue.png", "blue.png"),
        ("x=small.png", "input x has shape (2, 2) where (4, 6) is needed"),
    ],
)
def test_pictures_that_do_not_fit_are_told_in_one_line(
    told: str, complaint: str, grey: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (6, 4)).save("red.png")
    Image.new("RGB", (2, 2)).save("small.png")

    result = run_on_pictures(grey, tmp_path, told)

    [line] = result.stderr.splitlines()
    assert complaint in line
    assert result.exit_code == 2


def test_an_input_of_arrays_takes_no_picture(package: Path, tmp_path: Path) -> None:
    Image.new("RGB", (8, 1)).save(tmp_path / "row.png")

    result = run_on_pictures(package, tmp_path, f"x={tmp_path / 'row.png'}")

    assert "x takes no picture; give it as an array" in result.stderr


def test_the_document_tells_what_overflowed(half_sum: Path, tmp_path: Path) -> None:
    big = np.full((2, 3), 40000, np.float16)
    np.savez(tmp_path / "in.npz", x=big, y=big)

    result = run(half_sum, tmp_path, "--mode", "faithful", "--json", "--threads", "1")

    first, second = json.loads(result.stdout)["faults"]
    assert (first["operation"], first["infinite"], first["inherited"]) == ("add", 6, False)
    assert (second["output"], second["inherited"]) == ("sum", True)


def test_a_device_that_is_not_there_is_told_in_one_line(package: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", x=X)

    result = run(package, tmp_path, "--device", "mps")

    assert "PyTorch finds no mps; set COREML_SD_DEVICE" in result.stderr or result.exit_code == 0
