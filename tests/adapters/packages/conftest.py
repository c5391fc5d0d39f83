"""One package for all tests of the reader; tests that break it take a copy."""

import shutil
from pathlib import Path

import pytest
from samples.packages import save_linear_package


@pytest.fixture(scope="session")
def linear_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """y = relu(x weightᵀ), its weight in weight.bin; not to be changed."""
    package = tmp_path_factory.mktemp("packages") / "linear.mlpackage"
    save_linear_package(package)
    return package


@pytest.fixture
def package(linear_package: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(linear_package, tmp_path / "linear.mlpackage"))
