"""Whose random numbers a seed stands for."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.randomness.catalogue import random_source
from coreml_stable_diffusion.domain.randomness.cuda_source import CudaSource
from coreml_stable_diffusion.domain.randomness.kind import RandomKind
from coreml_stable_diffusion.domain.randomness.numpy_source import NumpySource
from coreml_stable_diffusion.domain.randomness.torch_source import TorchSource


@pytest.mark.parametrize(
    ("name", "kind"), [("numpy", NumpySource), ("torch", TorchSource), ("cuda", CudaSource)]
)
def test_a_source_is_found_by_the_program_that_draws_so(name: str, kind: type) -> None:
    assert type(random_source(RandomKind(name), 3)) is kind


@pytest.mark.parametrize("kind", RandomKind)
def test_streams_of_several_pictures_do_not_disturb_each_other(kind: RandomKind) -> None:
    one, other, alone = (random_source(kind, seed) for seed in (3, 4, 3))
    mixed = []
    for _ in range(3):
        mixed.append(one.standard_normal((2, 9)))
        other.standard_normal((5,))

    assert np.array_equal(mixed, [alone.standard_normal((2, 9)) for _ in range(3)])
    assert not np.array_equal(mixed[0], random_source(kind, 4).standard_normal((2, 9)))
