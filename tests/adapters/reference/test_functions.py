"""Packages of several functions, of which one is chosen by its name."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.packages.bundle_compiler import MilBundleCompiler
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.domain.errors import InvalidRequest
from numpy.typing import NDArray
from samples.packages import save_two_functions

X = np.random.default_rng(0).standard_normal((2, 4)).astype(np.float32)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_two_functions(tmp_path_factory.mktemp("functions"), X)


@pytest.fixture(scope="module")
def bundle(package: Path) -> Path:
    compiled = package.with_suffix(".mlmodelc")
    MilBundleCompiler(MlPackageReader(), "test-1.0").compile(package, compiled)
    return compiled


@pytest.fixture(scope="module", params=["package", "bundle"])
def model(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


@pytest.mark.parametrize(("function", "outputs"), [(None, 3), ("narrow", 3), ("wide", 5)])
def test_the_function_that_is_asked_for_runs(
    function: str | None, outputs: int, model: Path
) -> None:
    network = ReferenceRuntime(MlPackageReader(function)).load(model)
    expected = X @ np.eye(4, outputs, dtype=np.float32) * outputs

    computed: NDArray[Any] = network.predict({"x": X})["y"]
    np.testing.assert_allclose(computed, expected, rtol=1e-3)


def test_a_function_that_is_not_there_is_refused_with_those_that_are(model: Path) -> None:
    with pytest.raises(InvalidRequest, match="tall is not there; take narrow or wide"):
        MlPackageReader("tall").read(model)


def test_the_only_function_may_be_named(package: Path) -> None:
    alone = package.with_name("wide.mlpackage")

    assert MlPackageReader("main").read(alone) == MlPackageReader().read(alone)
