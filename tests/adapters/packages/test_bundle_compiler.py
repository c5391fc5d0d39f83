"""Bundles file by file; the numbers are the sections of the format's description.

The rules were found by comparing packages with what Apple's compiler made of them.
"""

import base64
import hashlib
import struct
from pathlib import Path

import coremltools as ct
import pytest
from coreml_stable_diffusion.adapters.packages.bundle_compiler import MilBundleCompiler
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.errors import (
    BrokenPackage,
    CoremlStableDiffusionError,
    InvalidRequest,
    UnsupportedProgram,
)
from coremltools.proto import Model_pb2
from samples.bundles import (
    MODEL,
    WEIGHTS,
    Model,
    change_model,
    compiled,
    flexible,
    read_model,
    several_functions,
    version,
)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return tmp_path / "linear.mlmodelc"


# 1 Layout


def test_1_the_layout(package: Path, bundle: Path) -> None:
    files = {
        path.relative_to(bundle).as_posix()
        for path in compiled(package, bundle).rglob("*")
        if path.is_file()
    }

    assert files == {
        "analytics/coremldata.bin",
        "coremldata.bin",
        "metadata.json",
        "model.mil",
        "weights/weight.bin",
    }
    assert (bundle / "weights/weight.bin").read_bytes() == (package / WEIGHTS).read_bytes()


def test_1_weights_take_no_room_a_second_time(package: Path, bundle: Path) -> None:
    compiled(package, bundle)

    assert (bundle / "weights/weight.bin").samefile(package / WEIGHTS)


def test_the_same_package_gives_the_same_bytes(package: Path, bundle: Path, tmp_path: Path) -> None:
    compiled(package, bundle)
    (tmp_path / "again").mkdir()
    again = compiled(package, tmp_path / "again" / bundle.name)

    for file in ("model.mil", "metadata.json", "coremldata.bin", "analytics/coremldata.bin"):
        assert (again / file).read_bytes() == (bundle / file).read_bytes()


# 2 model.mil


def test_2_1_build_info_names_this_compiler_beside_the_tools_before_it(
    package: Path, bundle: Path
) -> None:
    text = (compiled(package, bundle) / "model.mil").read_text(encoding="utf-8")

    assert text.splitlines()[1] == (
        "[buildInfo = dict<tensor<string, []>, tensor<string, []>>("
        '{{"coremlc-component-MIL", "test-1.0"}, {"coremlc-version", "test-1.0"}, '
        '{"coremltools-component-milinternal", ""}, '
        f'{{"coremltools-version", "{ct.__version__}"}}}})]'
    )
    assert text.endswith("        } -> (y);\n}")


def test_2_1_without_tools_build_info_names_the_compiler_alone(package: Path, bundle: Path) -> None:
    change_model(package, lambda model: model.mlProgram.attributes.clear())

    text = (compiled(package, bundle) / "model.mil").read_text(encoding="utf-8")

    assert '({{"coremlc-component-MIL", "test-1.0"}, {"coremlc-version", "test-1.0"}})]' in text


@pytest.mark.parametrize(
    ("number", "scalar"), [(7, "tensor<string, []>"), (8, "tensor<string, []>"), (9, "string")]
)
def test_2_6_ranges_of_shapes_stand_behind_the_inputs(
    number: int, scalar: str, package: Path, bundle: Path
) -> None:
    change_model(package, flexible)
    change_model(package, version(number))

    text = (compiled(package, bundle) / "model.mil").read_text(encoding="utf-8")

    assert text.splitlines()[3] == (
        "    func main<ios16>(tensor<fp32, [1, 8]> x) [FlexibleShapeInformation = "
        f"tuple<tuple<{scalar}, dict<{scalar}, tensor<int32, [?]>>>, "
        f"tuple<{scalar}, dict<{scalar}, list<tensor<int32, [2]>, ?>>>>"
        '((("DefaultShapes", {{"x", [1, 8]}}), ("RangeDims", {{"x", [[1, 4], [8, 8]]}})))] {'
    )


def test_2_6_every_function_is_written_under_its_name(package: Path, bundle: Path) -> None:
    change_model(package, several_functions)

    text = (compiled(package, bundle) / "model.mil").read_text(encoding="utf-8")

    assert [line.split("<")[0] for line in text.splitlines() if "func" in line] == [
        "    func main",
        "    func second",
    ]


# 3 coremldata.bin


@pytest.mark.parametrize(("number", "major"), [(6, 5), (7, 5), (8, 8), (9, 9)])
def test_3_the_header_has_the_compiler_s_version_and_the_model_s(
    number: int, major: int, package: Path, bundle: Path
) -> None:
    change_model(package, version(number))

    data = (compiled(package, bundle) / "coremldata.bin").read_bytes()

    assert data[:0x4B] == (
        struct.pack("<IQQQ", 502, major, 0, 0)
        + struct.pack("<Q", 7)
        + b"generic"
        + struct.pack("<4Q", number, 0, 0, 0)
    )


def test_3_the_description_is_whole_and_one_trailer_follows(package: Path, bundle: Path) -> None:
    data = (compiled(package, bundle) / "coremldata.bin").read_bytes()

    [size] = struct.unpack_from("<Q", data, 0x4B)
    description = Model_pb2.ModelDescription()
    description.ParseFromString(data[0x53 : 0x53 + size])
    assert description == read_model(package).description
    assert data[0x53 + size :] == struct.pack("<I12x", 502)


def test_3_an_empty_metadata_is_added_where_there_is_none(package: Path, bundle: Path) -> None:
    change_model(package, lambda model: model.description.ClearField("metadata"))

    data = (compiled(package, bundle) / "coremldata.bin").read_bytes()

    assert data[-19:-16] == bytes.fromhex("a20600")


def test_3_every_function_has_a_trailer(package: Path, bundle: Path) -> None:
    change_model(package, several_functions)

    data = (compiled(package, bundle) / "coremldata.bin").read_bytes()

    assert data.endswith(2 * struct.pack("<I12x", 502))


# 4 analytics


def test_4_analytics_tell_the_model_s_hash_and_name(package: Path, bundle: Path) -> None:
    data = (compiled(package, bundle) / "analytics/coremldata.bin").read_bytes()

    digest = base64.b64encode(hashlib.sha256((package / MODEL).read_bytes()).digest()).decode()
    texts = ["containsCustomLayer", "0", "modelDimension", "0"]
    more = ["modelHash", digest, "modelName", "model"]
    assert data == section("NeuralNetworkModelDetails", texts) + section(
        "SpecificationDetails", more
    )
    assert len(data) == 243


def section(title: str, texts: list[str]) -> bytes:
    def sized(text: str) -> bytes:
        return struct.pack("<Q", len(text)) + text.encode()

    return sized(title) + struct.pack("<Q", len(texts) // 2) + b"".join(map(sized, texts))


# What is not known


def refusal(package: Path, bundle: Path) -> CoremlStableDiffusionError:
    with pytest.raises(CoremlStableDiffusionError) as caught:
        MilBundleCompiler(MlPackageReader(), "test-1.0").compile(package, bundle)
    return caught.value


def test_a_newer_specification_is_refused(package: Path, bundle: Path) -> None:
    change_model(package, version(10))

    error = refusal(package, bundle)

    assert isinstance(error, UnsupportedProgram)
    assert "linear.mlpackage cannot be compiled: " in str(error)
    assert "specification version 10" in str(error)


def test_enumerated_shapes_are_refused_by_their_input(package: Path, bundle: Path) -> None:
    def enumerate_shapes(model: Model) -> None:
        array = model.description.input[0].type.multiArrayType
        array.enumeratedShapes.shapes.add(shape=[1, 8])

    change_model(package, enumerate_shapes)

    assert "x's enumeratedShapes is not known" in str(refusal(package, bundle))


def test_images_are_refused_by_their_input(package: Path, bundle: Path) -> None:
    def take_a_picture(model: Model) -> None:
        image = model.description.input[0].type.imageType
        image.width, image.height, image.colorSpace = 8, 1, 10
        taken = model.mlProgram.functions["main"].inputs[0].type.tensorType
        taken.rank = 4
        for place in (0, 0):
            taken.dimensions.insert(place, taken.dimensions[0])

    change_model(package, take_a_picture)

    assert "form of x, which is of kind imageType, is not known" in str(refusal(package, bundle))


def test_ranges_without_an_end_are_refused(package: Path, bundle: Path) -> None:
    def without_end(model: Model) -> None:
        flexible(model)
        sizes = model.description.input[0].type.multiArrayType.shapeRange.sizeRanges
        sizes[0].upperBound = -1

    change_model(package, without_end)

    assert "x's unbounded sizes is not known" in str(refusal(package, bundle))


def test_a_function_that_is_described_and_not_there_is_named(package: Path, bundle: Path) -> None:
    def lose_a_function(model: Model) -> None:
        several_functions(model)
        del model.mlProgram.functions["main"]

    change_model(package, lose_a_function)

    assert "the function 'main' is described and not there" in str(refusal(package, bundle))


def test_a_name_that_nothing_gives_is_refused(package: Path, bundle: Path) -> None:
    def use_another_name(model: Model) -> None:
        [block] = model.mlProgram.functions["main"].block_specializations.values()
        block.operations[-1].inputs["x"].arguments[0].name = "nowhere"

    change_model(package, use_another_name)

    error = refusal(package, bundle)
    assert isinstance(error, BrokenPackage)
    assert "operation relu (y): nothing before it gives 'nowhere'" in str(error)


def test_a_bundle_is_not_compiled_again(package: Path, bundle: Path, tmp_path: Path) -> None:
    error = refusal(compiled(package, bundle), tmp_path / "again.mlmodelc")

    assert isinstance(error, InvalidRequest)
    assert "is compiled already" in str(error)
