"""`metadata.json` of a bundle, by section 5 of the format's description."""

import json
from pathlib import Path
from typing import Any

import coremltools as ct
import pytest
from coreml_stable_diffusion.adapters.packages.bundle_metadata import operation_name
from samples.bundles import Model, change_model, compiled, flexible, several_functions, version
from samples.packages import save_sum_package
from samples.programs import operation


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return tmp_path / "linear.mlmodelc"


def metadata(bundle: Path) -> dict[str, Any]:
    [document] = json.loads((bundle / "metadata.json").read_text(encoding="utf-8"))
    return dict(document)


def test_5_fixed_keys_and_texts(package: Path, bundle: Path) -> None:
    def describe(model: Model) -> None:
        model.description.metadata.author = "Grüße"
        model.description.metadata.versionString = "2"

    change_model(package, describe)

    found = metadata(compiled(package, bundle))

    assert (
        found.items()
        >= {
            "metadataOutputVersion": "3.0",
            "specificationVersion": 7,
            "modelParameters": [],
            "isUpdatable": "0",
            "method": "predict",
            "stateSchema": [],
            "modelType": {"name": "MLModelType_mlProgram"},
            "generatedClassName": "linear",
            "author": "Grüße",
            "version": "2",
            "computePrecision": "Float32",
            "storagePrecision": "Float32",
        }.items()
    )
    assert found.keys().isdisjoint({"license", "shortDescription", "functions"})
    assert found["availability"]["macCatalyst"] == found["availability"]["iOS"] == "16.0"
    assert found["userDefinedMetadata"]["com.github.apple.coremltools.version"] == ct.__version__


@pytest.mark.parametrize(
    ("number", "systems"),
    [
        (6, ("15.0", "12.0", "8.0", "15.0", "1.0", "15.0")),
        (7, ("16.0", "13.0", "9.0", "16.0", "1.0", "16.0")),
        (8, ("17.0", "14.0", "10.0", "17.0", "1.0", "17.0")),
        (9, ("18.0", "15.0", "11.0", "18.0", "2.0", "18.0")),
    ],
)
def test_5_the_specification_version_tells_the_oldest_systems(
    number: int, systems: tuple[str, ...], package: Path, bundle: Path
) -> None:
    change_model(package, version(number))

    names = ("iOS", "macOS", "watchOS", "tvOS", "visionOS", "macCatalyst")
    found = metadata(compiled(package, bundle))["availability"]
    assert found == dict(zip(names, systems, strict=True))


def test_5_precisions_of_several_types_are_mixed(tmp_path: Path) -> None:
    save_sum_package(tmp_path / "half sum-1.mlpackage")

    found = metadata(compiled(tmp_path / "half sum-1.mlpackage", tmp_path / "sum.mlmodelc"))

    assert found["computePrecision"] == "Mixed (Float16, Float32)"
    assert "storagePrecision" not in found
    assert found["generatedClassName"] == "half_sum_1"


def test_5_schemas_are_texts(package: Path, bundle: Path) -> None:
    assert metadata(compiled(package, bundle))["inputSchema"] == [
        {
            "name": "x",
            "type": "MultiArray",
            "dataType": "Float32",
            "shape": "[1, 8]",
            "formattedType": "MultiArray (Float32 1 \N{MULTIPLICATION SIGN} 8)",
            "isOptional": "0",
            "shortDescription": "",
            "hasShapeFlexibility": "0",
        }
    ]


def test_5_ranges_of_shapes(package: Path, bundle: Path) -> None:
    change_model(package, flexible)

    [schema] = metadata(compiled(package, bundle))["inputSchema"]

    assert (
        schema.items()
        >= {
            "hasShapeFlexibility": "1",
            "shapeRange": "[[1, 4], [8, 8]]",
            "shapeFlexibility": "1...4 \N{MULTIPLICATION SIGN} 8",
        }.items()
    )


def test_5_every_function_is_told(package: Path, bundle: Path) -> None:
    change_model(package, several_functions)

    found = metadata(compiled(package, bundle))

    assert found["defaultFunctionName"] == "second"
    assert [each["name"] for each in found["functions"]] == ["main", "second"]
    assert [each["name"] for each in found["inputSchema"]] == ["x"]


@pytest.mark.parametrize(
    ("kind", "opset", "name"),
    [
        ("conv", "ios15", "Conv"),
        ("conv", "ios16", "Ios16.conv"),
        ("slice_by_index", "ios16", "SliceByIndex"),
        ("reduce_mean", "ios16", "Ios16.reduceMean"),
        ("mul", "ios17", "Ios17.mul"),
        ("softmax", "ios17", "Ios16.softmax"),
        ("reduce_sum_square", "ios17", "Ios16.reduceSumSquare"),
        ("range_1d", "ios17", "Range1d"),
        ("slice_by_index", "ios17", "Ios17.sliceByIndex"),
        ("select", "ios18", "Select"),
        ("reduce_max", "ios18", "Ios16.reduceMax"),
        ("constexpr_lut_to_dense", "ios18", "Ios18.constexprLutToDense"),
    ],
)
def test_5_operations_are_counted_under_apple_s_names(kind: str, opset: str, name: str) -> None:
    assert operation_name(operation(kind, ["y"]), opset) == name


def test_5_operations_are_counted_without_constants(package: Path, bundle: Path) -> None:
    histogram = metadata(compiled(package, bundle))["mlProgramOperationTypeHistogram"]

    assert histogram == {"Ios16.linear": 1, "Ios16.relu": 1}
