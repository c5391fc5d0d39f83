"""What is no file, or one without end, is refused by its name before it is opened."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.packages.bundle_compiler import MilBundleCompiler
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.errors import BrokenPackage
from samples.bundles import MODEL, WEIGHTS, compiled

PACKAGE_FILES = ["Manifest.json", str(MODEL), str(WEIGHTS)]
BUNDLE_FILES = ["coremldata.bin", "model.mil", "weights/weight.bin"]


def refusal(folder: Path, name: str, put: Callable[[Path], None]) -> str:
    (folder / name).unlink()
    put(folder / name)
    with pytest.raises(BrokenPackage) as caught:
        MlPackageReader().read(folder)
    return caught.value.problem


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir, device])
@pytest.mark.parametrize("name", PACKAGE_FILES)
def test_what_is_no_file_of_a_package(
    package: Path, name: str, put: Callable[[Path], None]
) -> None:
    assert f"{Path(name).name} is no regular file" in refusal(package, name, put)


@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir, device])
@pytest.mark.parametrize("name", BUNDLE_FILES)
def test_what_is_no_file_of_a_bundle(package: Path, name: str, put: Callable[[Path], None]) -> None:
    bundle = compiled(package, package.with_suffix(".mlmodelc"))

    assert f"{Path(name).name} is no regular file" in refusal(bundle, name, put)


def test_a_link_to_a_file_is_a_file(package: Path) -> None:
    model = package / MODEL
    model.rename(package / "elsewhere")
    model.symlink_to(package / "elsewhere")

    assert MlPackageReader().read(package).main == "main"


@pytest.mark.parametrize(
    ("name", "most_bytes"), [("Manifest.json", 2**22), (str(MODEL), 2**31 - 1)]
)
def test_a_file_of_an_absurd_size_is_not_read(package: Path, name: str, most_bytes: int) -> None:
    with (package / name).open("r+b") as file:
        file.truncate(2**40)  # a hole, which takes no room

    with pytest.raises(BrokenPackage) as caught:
        MlPackageReader().read(package)
    assert caught.value.problem == f"{Path(name).name} has more than {most_bytes} bytes"


@pytest.mark.parametrize("name", ["analytics/coremldata.bin", "model.mil"])
def test_a_bundle_with_a_pipe_is_not_current(package: Path, name: str) -> None:
    bundle = compiled(package, package.with_suffix(".mlmodelc"))
    compiler = MilBundleCompiler(MlPackageReader(), "test-1.0")
    assert compiler.is_current(package, bundle)

    (bundle / name).unlink()
    os.mkfifo(bundle / name)

    assert not compiler.is_current(package, bundle)
