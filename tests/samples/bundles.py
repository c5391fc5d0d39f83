"""Packages as coremltools' messages, and the bundles that are made of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from coreml_stable_diffusion.adapters.packages.bundle_compiler import MilBundleCompiler
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coremltools.proto import Model_pb2

MODEL = Path("Data/com.apple.CoreML/model.mlmodel")
WEIGHTS = Path("Data/com.apple.CoreML/weights/weight.bin")
#: A message that protobuf has not annotated.
Model: TypeAlias = Any


def read_model(package: Path) -> Model:
    """The message in a package."""
    model = Model_pb2.Model()
    model.ParseFromString((package / MODEL).read_bytes())
    return model


def change_model(package: Path, change: Callable[[Model], None]) -> None:
    """Change the message in a package."""
    model = read_model(package)
    change(model)
    (package / MODEL).write_bytes(model.SerializeToString())


def weight_value(model: Model) -> Any:
    """The message of the linear package's stored weight."""
    [block] = model.mlProgram.functions["main"].block_specializations.values()
    held = [each.attributes["val"] for each in block.operations if "val" in each.attributes]
    [found] = (each for each in held if each.HasField("blobFileValue"))
    return found


def compiled(package: Path, bundle: Path) -> Path:
    """Compile a package as "test-1.0" and give the bundle's path."""
    MilBundleCompiler(MlPackageReader(), "test-1.0").compile(package, bundle)
    return bundle


def version(number: int) -> Callable[[Model], None]:
    """A change of the specification version."""
    return lambda model: setattr(model, "specificationVersion", number)


def flexible(model: Model) -> None:
    """x of (1, 8) may have 1 to 4 rows."""
    array = model.description.input[0].type.multiArrayType
    for low, high in ((1, 4), (8, 8)):
        array.shapeRange.sizeRanges.add(lowerBound=low, upperBound=high)


def several_functions(model: Model) -> None:
    """Two functions of the same body, of which `second` is the one to run."""
    model.mlProgram.functions["second"].CopyFrom(model.mlProgram.functions["main"])
    description = model.description
    for name in ("main", "second"):
        described = description.functions.add(name=name)
        described.input.extend(description.input)
        described.output.extend(description.output)
    description.defaultFunctionName = "second"
    del description.input[:], description.output[:]
