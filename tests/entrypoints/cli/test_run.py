"""`coreml-sd run` with a real package and its bundle, on the reference runtime."""

from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from samples.bundles import compiled
from samples.packages import WEIGHT, save_linear_package
from typer.testing import CliRunner, Result

X = np.arange(8, dtype=np.float32).reshape(1, 8)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("packages") / "linear.mlpackage"
    save_linear_package(made)
    return made


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
        ({"z": X}, "input x is missing"),
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
