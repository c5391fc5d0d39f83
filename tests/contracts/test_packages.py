"""The promises of domain/ports/packages.py, kept by the fakes and by what handles `.mlpackage`."""

from pathlib import Path

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.packages.package_writer import MlPackageWriter
from coreml_stable_diffusion.domain.errors import BrokenPackage, InvalidRequest
from coreml_stable_diffusion.domain.mil.difference import differences
from coreml_stable_diffusion.domain.mil.pipeline import ProgramPipeline
from coreml_stable_diffusion.domain.mil.value import StoredWeight, TensorValue
from coreml_stable_diffusion.domain.ports.packages import PackageReader, PackageWriter
from coreml_stable_diffusion.domain.tensor import SizeRanges, TensorSpec
from fakes.packages import FakePackageReader, FakePackageWriter
from samples.packages import WEIGHT, save_linear_package
from samples.programs import constant, operation, program

PACKAGE = "linear.mlpackage"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("packages")
    save_linear_package(made / PACKAGE)
    return made


@pytest.fixture(params=["fake", "mlpackage"])
def reader(request: pytest.FixtureRequest) -> PackageReader:
    if request.param == "mlpackage":
        return MlPackageReader()
    steps = [
        operation("linear", ["product"], x="x", weight=constant(WEIGHT)),
        operation("relu", ["y"], x="product"),
    ]
    inputs = {"x": np.zeros((1, 8), np.float32)}
    outputs = {"y": np.zeros((1, 6), np.float32)}
    return FakePackageReader({PACKAGE: program(steps, inputs, outputs)})


def test_a_package_says_what_crosses_its_edge(reader: PackageReader, folder: Path) -> None:
    description = reader.read(folder / PACKAGE).description

    (x,), (y,) = description.inputs, description.outputs
    assert x == TensorSpec(name="x", shape=(1, 8), dtype="float32")
    assert y == TensorSpec(name="y", shape=(1, 6), dtype="float32")


def test_the_operations_come_in_order(reader: PackageReader, folder: Path) -> None:
    body = reader.read(folder / PACKAGE).main_function.body
    types = [each.type for each in body.operations if each.type != "const"]

    assert types == ["linear", "relu"]
    assert body.outputs == ("y",)


def test_weights_are_whole(reader: PackageReader, folder: Path) -> None:
    program = reader.read(folder / PACKAGE)
    values = [
        value
        for each in program.main_function.body.operations
        for value in (*each.attributes.values(), *(b for bs in each.inputs.values() for b in bs))
        if isinstance(value, TensorValue | StoredWeight) and value.type.shape == WEIGHT.shape
    ]

    assert [np.array_equal(value.array(), WEIGHT) for value in values] == [True]


def test_what_is_no_package_is_refused_by_its_path(reader: PackageReader, folder: Path) -> None:
    with pytest.raises(BrokenPackage, match=r"other\.mlpackage"):
        reader.read(folder / "other.mlpackage")


def test_a_bundle_is_told_from_a_package(reader: PackageReader, folder: Path) -> None:
    (folder / "linear.mlmodelc").mkdir(exist_ok=True)

    assert reader.is_compiled(folder / "linear.mlmodelc")
    assert not reader.is_compiled(folder / PACKAGE)
    assert not reader.is_compiled(folder / "other.mlpackage")


@pytest.fixture(params=["fake", "mlpackage"])
def shelf(request: pytest.FixtureRequest) -> tuple[PackageWriter, PackageReader]:
    if request.param == "mlpackage":
        return MlPackageWriter(), MlPackageReader()
    writer = FakePackageWriter()
    return writer, FakePackageReader(writer.programs)


def test_reading_what_was_written_gives_an_equal_program(
    shelf: tuple[PackageWriter, PackageReader], folder: Path, tmp_path: Path
) -> None:
    writer, reader = shelf
    program = MlPackageReader().read(folder / PACKAGE)

    writer.write(program, tmp_path / PACKAGE)

    assert (tmp_path / PACKAGE).is_dir()
    assert reader.read(tmp_path / PACKAGE) == program


def test_what_was_changed_is_written_too(
    shelf: tuple[PackageWriter, PackageReader], folder: Path, tmp_path: Path
) -> None:
    writer, reader = shelf
    program = MlPackageReader().read(folder / PACKAGE)
    texts = attrs.evolve(program.description, metadata={"author": "somebody", "user:key": "text"})
    [x], [y] = texts.inputs, texts.outputs
    flexible = attrs.evolve(x, flexibility=SizeRanges(((1, 4), (8, None))))
    told = attrs.evolve(
        texts, inputs=(flexible,), outputs=(attrs.evolve(y, description="the sum"),)
    )

    writer.write(attrs.evolve(program, description=told), tmp_path / PACKAGE)

    description = reader.read(tmp_path / PACKAGE).description
    assert description.metadata == {"author": "somebody", "user:key": "text"}
    assert description.inputs == (flexible,)
    assert description.outputs[0].description == "the sum"


def piped(folder: Path) -> ProgramPipeline:
    """The linear package, and one after it that takes what it gives."""
    linear = MlPackageReader().read(folder / PACKAGE)
    y, z = np.zeros((1, 6), np.float32), np.zeros((1, 6), np.float32)
    after = program([operation("relu", ["z"], x="y")], {"y": y}, {"z": z})
    version = linear.description.specification_version
    described = attrs.evolve(after.description, specification_version=version)
    return ProgramPipeline(
        description=attrs.evolve(linear.description, outputs=described.outputs),
        programs=(linear, attrs.evolve(after, description=described)),
    )


def test_a_pipeline_is_read_as_it_was_written(
    shelf: tuple[PackageWriter, PackageReader], folder: Path, tmp_path: Path
) -> None:
    writer, reader = shelf
    pipeline = piped(folder)

    writer.write(pipeline, tmp_path / PACKAGE)

    read = reader.read_model(tmp_path / PACKAGE)
    assert isinstance(read, ProgramPipeline)
    assert read.description.outputs == pipeline.description.outputs
    pairs = zip(read.programs, pipeline.programs, strict=True)
    assert [list(differences(*each)) for each in pairs] == [[], []]


def test_a_pipeline_is_no_single_program(
    shelf: tuple[PackageWriter, PackageReader], folder: Path, tmp_path: Path
) -> None:
    writer, reader = shelf
    writer.write(piped(folder), tmp_path / PACKAGE)

    with pytest.raises(InvalidRequest, match="is a pipeline"):
        reader.read(tmp_path / PACKAGE)
