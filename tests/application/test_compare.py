"""Two packages are read and compared."""

from pathlib import Path

import attrs
import numpy as np
from coreml_stable_diffusion.application.compare import Compare
from coreml_stable_diffusion.domain.mil.difference import Difference
from fakes.packages import FakePackageReader
from samples.programs import operation, program

X = np.zeros((1, 2), np.float32)
RELU = program([operation("relu", ["y"], x="x")], {"x": X}, {"y": X})
NEWER = attrs.evolve(RELU, description=attrs.evolve(RELU.description, specification_version=9))


def test_each_difference_is_told() -> None:
    compare = Compare(FakePackageReader({"a.mlpackage": RELU, "b.mlmodelc": NEWER}))

    assert list(compare(Path("a.mlpackage"), Path("a.mlpackage"))) == []
    assert list(compare(Path("a.mlpackage"), Path("b.mlmodelc"))) == [
        Difference("description, specification version", "8", "9")
    ]
