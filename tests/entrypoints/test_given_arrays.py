"""Tensors of PyTorch as arrays, and what is refused as neither."""

from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.entrypoints.given_arrays import given_array, given_numbers

HALVES = torch.tensor([[0.5, -1.25]])


@pytest.mark.parametrize(
    "given",
    [HALVES, HALVES.bfloat16(), HALVES.clone().requires_grad_(), HALVES.numpy(), HALVES.tolist()],
    ids=["float32", "bfloat16", "with grad", "NumPy", "list"],
)
def test_an_array_is_read_whoever_made_it(given: Any) -> None:
    assert np.array_equal(given_array("latents", given), [[0.5, -1.25]])


@pytest.mark.parametrize("given", ["x", None, [[1], [1, 2]], 1j, object()])
def test_what_is_no_array_of_numbers_is_refused(given: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"^latents: it is "):
        given_array("latents", given)


@pytest.mark.parametrize("given", [[999, 500], np.array([999, 500]), torch.tensor([999.0, 500.0])])
def test_numbers_are_read_whoever_made_them(given: Any) -> None:
    assert given_numbers("timesteps", given) == (999, 500)


@pytest.mark.parametrize("given", ["abc", 5, ["9", "5"], [[9, 5]]])
def test_what_is_no_list_of_numbers_is_refused(given: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"^sigmas: "):
        given_numbers("sigmas", given)
