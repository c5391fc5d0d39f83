"""Generators of PyTorch on several devices, told by what is needed of them."""

from typing import Any

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.randomness.kind import RandomKind
from coreml_stable_diffusion.entrypoints.given_seeds import given_seeds


@attrs.frozen
class DeviceGenerator:
    device: str

    def initial_seed(self) -> int:
        return 3


@pytest.mark.parametrize(
    ("device", "kind"), [("cpu", RandomKind.TORCH), ("cuda:1", RandomKind.CUDA)]
)
def test_a_generator_draws_as_on_its_device(device: str, kind: RandomKind) -> None:
    assert given_seeds(None, DeviceGenerator(device), None, 2) == ([3, 4], kind)


@pytest.mark.parametrize("devices", [["mps"], ["cpu", "cuda:0"]])
def test_generators_whose_numbers_nobody_knows_are_refused(devices: list[str]) -> None:
    generators = [DeviceGenerator(each) for each in devices]

    with pytest.raises(InvalidRequest, match=r"^generator: nobody here draws as PyTorch on "):
        given_seeds(None, generators, None, len(generators))


@pytest.mark.parametrize("given", [5, "5", [5], np.random.default_rng(5)])
def test_what_is_no_generator_of_pytorch_is_refused(given: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"^generator: .+ is no torch\.Generator"):
        given_seeds(None, given, None, 1)


@pytest.mark.parametrize("given", [0, 1, 3])
def test_a_list_that_has_not_one_for_each_picture_is_refused(given: int) -> None:
    generators = [DeviceGenerator("cpu")] * given

    with pytest.raises(InvalidRequest, match=f"^generator: {given} generators for 2 pictures"):
        given_seeds(None, generators, None, 2)
