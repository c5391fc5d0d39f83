"""`coreml-sd inspect` with a real package and its bundle."""

import json
from pathlib import Path

import pytest
from coreml_stable_diffusion.entrypoints.cli.main import app
from samples.bundles import compiled
from samples.packages import save_linear_package
from typer.testing import CliRunner, Result


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("packages") / "linear.mlpackage"
    save_linear_package(made)
    return made


def inspect(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["inspect", *map(str, arguments)])


def test_tables_tell_edge_operations_and_weights(package: Path) -> None:
    lines = [" ".join(line.split()) for line in inspect(package).stdout.splitlines()]

    for line in (
        "specification version 7",
        "runs on iOS 16, macOS 13 and newer",
        "input x 1 x 8 float32",
        "output y 1 x 6 float32",
        "linear 1",
        "Float32 1 192",
        "product_weight_0 tensor<fp32, [6, 8]> Float32 192",
    ):
        assert line in lines


def test_a_bundle_tells_what_its_package_tells(package: Path, tmp_path: Path) -> None:
    bundle = compiled(package, tmp_path / "linear.mlmodelc")

    assert json.loads(inspect(bundle, "--json").stdout) == json.loads(
        inspect(package, "--json").stdout
    )


def test_json_has_as_many_weights_as_wanted(package: Path) -> None:
    found = json.loads(inspect(package, "--json", "--largest", "0").stdout)

    assert found["inputs"] == [
        {
            "name": "x",
            "shape": [1, 8],
            "other_shapes": None,
            "dtype": "float32",
            "pixels": None,
            "description": "",
        }
    ]
    assert found["storage"] == [{"storage": "Float32", "tensors": 1, "bytes": 192}]
    assert found["largest"] == []


def test_what_is_no_package_is_told_in_one_line(tmp_path: Path) -> None:
    result = inspect(tmp_path)

    [line] = result.stderr.splitlines()
    assert "it has no Manifest.json" in line
    assert result.exit_code == 2
