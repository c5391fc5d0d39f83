"""What Core ML is asked for; where there is none, its runtime says so and names the way out."""

import sys
from pathlib import Path

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.coreml.coreml_runtime import (
    CoreMLRuntime,
    function_to_load,
)
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.domain.errors import RuntimeUnavailable
from fakes.packages import FakePackageReader
from samples.packages import save_two_functions
from samples.programs import operation, program

X = np.ones((2, 4), np.float32)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has Core ML")
def test_off_macos_the_other_runtime_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuntimeUnavailable, match="take the reference runtime"):
        CoreMLRuntime(FakePackageReader({})).load(tmp_path / "unet.mlpackage")


def test_the_only_function_is_loaded_without_its_name() -> None:
    assert function_to_load(program([operation("relu", ["y"], x="x")], {"x": X}, {"y": X})) is None


def test_one_of_several_functions_is_loaded_by_its_name() -> None:
    one = program([operation("relu", ["y"], x="x")], {"x": X}, {"y": X})
    functions = {"narrow": one.main_function, "wide": one.main_function}

    assert function_to_load(attrs.evolve(one, functions=functions, main="wide")) == "wide"


@pytest.mark.mac
@pytest.mark.skipif(sys.platform != "darwin", reason="Core ML is part of macOS")
def test_core_ml_runs_the_function_that_is_asked_for(tmp_path: Path) -> None:
    package = save_two_functions(tmp_path, X)

    outputs = CoreMLRuntime(MlPackageReader("wide")).load(package).predict({"x": X})

    assert outputs["y"].tolist() == [[5, 5, 5, 5, 0]] * 2
