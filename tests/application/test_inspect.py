"""A package is read and looked at."""

from pathlib import Path

import numpy as np
import pytest
from coreml_stable_diffusion.application.inspect import Inspect
from coreml_stable_diffusion.domain.errors import BrokenPackage
from fakes.packages import FakePackageReader
from samples.programs import operation, program

X = np.zeros((1, 2), np.float32)
RELU = program([operation("relu", ["y"], x="x")], {"x": X}, {"y": X})


def test_what_is_told_is_that_of_the_package() -> None:
    inspect = Inspect(FakePackageReader({"Unet.mlmodelc": RELU}))

    assert dict(inspect(Path("Unet.mlmodelc")).operations) == {"relu": 1}


def test_what_is_no_package_is_refused() -> None:
    with pytest.raises(BrokenPackage):
        Inspect(FakePackageReader({}))(Path("Unet.mlmodelc"))
