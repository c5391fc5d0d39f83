"""Packages become bundles of the same name, and bundles packages."""

from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.application.compile import Compile
from coreml_stable_diffusion.application.decompile import Decompile
from coreml_stable_diffusion.domain.errors import BrokenPackage, InvalidRequest
from coreml_stable_diffusion.domain.mil.program import Program
from fakes.compiling import FakeBundleCompiler
from fakes.packages import FakePackageReader, FakePackageWriter
from fakes.workspace import FakeWorkspace
from samples.programs import operation, program

X = np.zeros((1, 2), np.float32)
RELU = program([operation("relu", ["y"], x="x")], {"x": X}, {"y": X})


def compiling() -> Compile:
    return Compile(FakeBundleCompiler(), FakeWorkspace())


def decompiling(written: dict[str, Program]) -> Decompile:
    reader = FakePackageReader({"Unet.mlmodelc": RELU, "Unet.mlpackage": RELU})
    return Decompile(reader, FakePackageWriter(written), FakeWorkspace())


@pytest.fixture
def package(tmp_path: Path) -> Path:
    made = tmp_path / "Unet.mlpackage"
    made.mkdir()
    return made


def test_a_bundle_stands_beside_its_package(package: Path) -> None:
    bundle = compiling()(package)

    assert bundle == package.with_suffix(".mlmodelc")
    assert (bundle / "model.mil").read_text().splitlines()[0] == "compiled from Unet.mlpackage"


def test_a_bundle_goes_into_another_folder_where_one_is_named(
    package: Path, tmp_path: Path
) -> None:
    assert compiling()(package, tmp_path / "new" / "out") == tmp_path / "new/out/Unet.mlmodelc"


def test_a_bundle_that_is_there_is_replaced(package: Path) -> None:
    compiling()(package)
    (package.with_suffix(".mlmodelc") / "old").mkdir()

    bundle = compiling()(package)

    assert [each.name for each in bundle.iterdir()] == ["model.mil"]


def test_nothing_is_left_of_a_bundle_that_failed(tmp_path: Path) -> None:
    with pytest.raises(BrokenPackage):
        compiling()(tmp_path / "Gone.mlpackage")

    assert list(tmp_path.iterdir()) == []


def test_a_package_stands_beside_its_bundle(tmp_path: Path) -> None:
    written: dict[str, Program] = {}

    package = decompiling(written)(tmp_path / "Unet.mlmodelc")

    assert package == tmp_path / "Unet.mlpackage"
    assert package.is_dir()
    assert written == {"Unet.mlpackage": RELU}


def test_a_package_goes_into_another_folder_where_one_is_named(tmp_path: Path) -> None:
    package = decompiling({})(tmp_path / "Unet.mlmodelc", tmp_path / "out")

    assert package == tmp_path / "out" / "Unet.mlpackage"


def test_a_package_that_is_there_is_never_replaced(package: Path) -> None:
    (package / "mine").touch()

    with pytest.raises(InvalidRequest, match="is there already"):
        decompiling({})(package.with_suffix(".mlmodelc"))

    assert (package / "mine").exists()


def test_a_package_is_not_decompiled(package: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"Unet\.mlpackage is not compiled"):
        decompiling({})(package, tmp_path / "out")

    assert not (tmp_path / "out").exists()
