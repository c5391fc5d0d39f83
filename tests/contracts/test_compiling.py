"""The promises of domain/ports/compiling.py, kept by the fake and by our own compiler."""

import shutil
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.adapters.packages.bundle_compiler import MilBundleCompiler
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.errors import BrokenPackage
from coreml_stable_diffusion.domain.ports.compiling import BundleCompiler
from fakes.compiling import FakeBundleCompiler
from samples.packages import save_linear_package, save_sum_package


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("packages") / "linear.mlpackage"
    save_linear_package(made)
    return made


@pytest.fixture(params=["fake", "mil"])
def compiler(request: pytest.FixtureRequest) -> BundleCompiler:
    if request.param == "fake":
        return FakeBundleCompiler()
    return MilBundleCompiler(MlPackageReader(), "test-1.0")


def test_a_bundle_stands_where_nothing_was(
    compiler: BundleCompiler, package: Path, tmp_path: Path
) -> None:
    compiler.compile(package, tmp_path / "linear.mlmodelc")

    assert (tmp_path / "linear.mlmodelc" / "model.mil").is_file()


def test_the_package_stays_as_it_is(
    compiler: BundleCompiler, package: Path, tmp_path: Path
) -> None:
    before = LocalWorkspace().digests(package)

    compiler.compile(package, tmp_path / "linear.mlmodelc")

    assert LocalWorkspace().digests(package) == before


def test_what_is_no_package_is_refused_by_its_path(
    compiler: BundleCompiler, tmp_path: Path
) -> None:
    with pytest.raises(BrokenPackage, match=r"none\.mlpackage"):
        compiler.compile(tmp_path / "none.mlpackage", tmp_path / "none.mlmodelc")


def test_a_bundle_is_current_until_its_package_changes(
    compiler: BundleCompiler, package: Path, tmp_path: Path
) -> None:
    mine, bundle = tmp_path / "linear.mlpackage", tmp_path / "linear.mlmodelc"
    shutil.copytree(package, mine)
    compiler.compile(mine, bundle)
    before = compiler.is_current(mine, bundle)

    shutil.rmtree(mine)
    save_sum_package(mine)
    (mine / "another").touch()

    assert before
    assert not compiler.is_current(mine, bundle)


def test_a_bundle_that_is_not_there_is_not_current(
    compiler: BundleCompiler, package: Path, tmp_path: Path
) -> None:
    assert not compiler.is_current(package, tmp_path / "linear.mlmodelc")
