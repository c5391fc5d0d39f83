"""Whatever is wrong with a package is said in one line, with the package's path."""

import json
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.errors import BrokenPackage
from coremltools.proto import MIL_pb2, Model_pb2
from samples.bundles import MODEL, Model, change_model, weight_value


def _refusal(package: Path) -> str:
    with pytest.raises(BrokenPackage) as caught:
        MlPackageReader().read(package)
    assert str(caught.value).startswith(str(package))
    return caught.value.problem


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "no such folder" in _refusal(tmp_path / "none.mlpackage")


def test_a_folder_whose_name_no_disk_takes(tmp_path: Path) -> None:
    assert "too long" in _refusal(tmp_path / ("a" * 300))


def test_a_folder_without_a_manifest(package: Path) -> None:
    (package / "Manifest.json").unlink()

    assert "no Manifest.json" in _refusal(package)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\xff"])
def test_a_manifest_that_is_not_json(package: Path, text: str) -> None:
    (package / "Manifest.json").write_text(text, encoding="latin-1")

    assert "Manifest.json is not JSON" in _refusal(package)


@pytest.mark.parametrize("text", ["[]", "{}", '{"itemInfoEntries": 3, "rootModelIdentifier": "a"}'])
def test_a_manifest_that_names_no_model(package: Path, text: str) -> None:
    (package / "Manifest.json").write_text(text)

    assert "names no root model" in _refusal(package)


@pytest.mark.parametrize("path", ["../../secret", "/etc/passwd"])
def test_a_manifest_that_leaves_the_package(package: Path, path: str) -> None:
    entries = {"rootModelIdentifier": "a", "itemInfoEntries": {"a": {"path": path}}}
    (package / "Manifest.json").write_text(json.dumps(entries))

    assert "leaves the package" in _refusal(package)


@pytest.mark.parametrize("path", ["a" * 5000, "../" * 2000, "a\nb"])
def test_an_absurd_path_is_refused_in_a_short_line(package: Path, path: str) -> None:
    entries = {"rootModelIdentifier": "a", "itemInfoEntries": {"a": {"path": path}}}
    (package / "Manifest.json").write_text(json.dumps(entries))

    assert len(_refusal(package)) < 200
    assert "\n" not in _refusal(package)


def test_a_model_file_that_is_not_there(package: Path) -> None:
    (package / MODEL).unlink()

    assert f"the model file {MODEL} is missing" in _refusal(package)


def test_a_model_file_that_is_no_model(package: Path) -> None:
    (package / MODEL).write_bytes(b"\xff" * 100)

    assert "not a Core ML model" in _refusal(package)


def test_a_truncated_model_file(package: Path) -> None:
    whole = (package / MODEL).read_bytes()
    (package / MODEL).write_bytes(whole[: len(whole) // 2])

    assert "not a Core ML model" in _refusal(package)


@pytest.mark.parametrize("kind", ["neuralNetwork", "pipelineRegressor", "identity"])
def test_a_model_of_another_kind_is_named(package: Path, kind: str) -> None:
    model = Model_pb2.Model(specificationVersion=7)
    getattr(model, kind).SetInParent()
    (package / MODEL).write_bytes(model.SerializeToString())

    assert f"of kind {kind}, not an ML Program" in _refusal(package)


def test_a_pipeline_with_a_model_of_another_kind_is_named(package: Path) -> None:
    model = Model_pb2.Model(specificationVersion=7)
    model.pipeline.models.add().neuralNetwork.SetInParent()
    (package / MODEL).write_bytes(model.SerializeToString())

    assert "of kind neuralNetwork, not an ML Program" in _refusal(package)


def test_a_pipeline_of_nothing_is_told_so(package: Path) -> None:
    model = Model_pb2.Model(specificationVersion=7)
    model.pipeline.SetInParent()
    (package / MODEL).write_bytes(model.SerializeToString())

    assert "a pipeline without a program" in _refusal(package)


def test_an_input_that_is_a_sequence(package: Path) -> None:
    def ask_for_a_sequence(model: Model) -> None:
        model.description.input[0].type.sequenceType.SetInParent()

    change_model(package, ask_for_a_sequence)

    assert "input x is of kind sequenceType" in _refusal(package)


def test_an_image_of_unknown_colours(package: Path) -> None:
    def ask_for_an_image(model: Model) -> None:
        model.description.input[0].type.imageType.width = 8

    change_model(package, ask_for_an_image)

    assert "input x has the unknown colours 0" in _refusal(package)


def test_a_function_without_a_body(package: Path) -> None:
    def ask_for_another_opset(model: Model) -> None:
        model.mlProgram.functions["main"].opset = "CoreML99"

    change_model(package, ask_for_another_opset)

    assert "'main' has no body for its opset 'CoreML99'" in _refusal(package)


def test_a_default_function_that_is_not_there(package: Path) -> None:
    def ask_for_another_function(model: Model) -> None:
        model.description.defaultFunctionName = "other"

    change_model(package, ask_for_another_function)

    assert "it has no function 'other'" in _refusal(package)


@pytest.mark.parametrize("side", ["input", "output"])
def test_a_description_of_another_function(package: Path, side: str) -> None:
    def rename(model: Model) -> None:
        getattr(model.description, side)[0].name = "z"

    change_model(package, rename)

    assert f"the {side}s of its description are not those" in _refusal(package)


def test_a_constant_with_too_few_elements(package: Path) -> None:
    def declare_more(model: Model) -> None:
        weight = weight_value(model)
        weight.immediateValue.tensor.floats.values.append(1.0)

    change_model(package, declare_more)

    assert "tensor<fp32, [6, 8]> is given 1 elements" in _refusal(package)


@pytest.mark.parametrize(("declared", "field", "element"), [
    ("STRING", "bytes", b"a"),
    ("STRING", "bytes", b""),
    ("STRING", "ints", 1),
    ("INT32", "floats", 1.9),
    ("INT32", "strings", "1"),
    ("INT32", "bools", True),
    ("INT8", "ints", 300),
    ("BOOL", "ints", 2),
    ("FLOAT32", "ints", 1),
    ("FLOAT16", "strings", "1.5"),
])  # fmt: skip
def test_a_constant_that_is_given_as_another_type(
    package: Path, declared: str, field: str, element: object
) -> None:
    def give(model: Model) -> None:
        weight = weight_value(model)
        del weight.type.tensorType.dimensions[:]
        weight.type.tensorType.dataType = MIL_pb2.DataType.Value(declared)
        elements = getattr(weight.immediateValue.tensor, field)
        if field == "bytes":
            elements.values = element
        else:
            elements.values.append(element)

    change_model(package, give)

    assert f"is given as {field}" in _refusal(package)


def test_a_size_that_no_array_has(package: Path) -> None:
    def declare_more(model: Model) -> None:
        [block] = model.mlProgram.functions["main"].block_specializations.values()
        declared = block.operations[-1].outputs[0].type.tensorType
        declared.dimensions[0].constant.size = 2**64 - 1

    change_model(package, declare_more)

    assert "operation relu (y): 18446744073709551615 is no size" in _refusal(package)


def test_a_cycle(package: Path) -> None:
    def use_what_comes_after(model: Model) -> None:
        [block] = model.mlProgram.functions["main"].block_specializations.values()
        linear = next(each for each in block.operations if each.type == "linear")
        linear.inputs["x"].arguments[0].name = "y"

    change_model(package, use_what_comes_after)

    problem = _refusal(package)
    assert problem == "function main, operation linear (product): nothing before it gives 'y'"


def test_an_operation_that_is_there_twice(package: Path) -> None:
    def repeat(model: Model) -> None:
        [block] = model.mlProgram.functions["main"].block_specializations.values()
        block.operations.append(block.operations[-1])

    change_model(package, repeat)

    assert _refusal(package) == "function main, operation relu (y): 'y' is given before"
