"""What is computed with late tensors is what PyTorch computes with their numbers."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.pytorch.late_tensor import LateTensor
from torch import nn

WIDE = torch.randn(4, 6, generator=torch.Generator().manual_seed(0)).half()
ROW = torch.randn(6, generator=torch.Generator().manual_seed(1)).bfloat16()

Rewrite = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
MOVES: list[Rewrite] = [
    lambda wide, _: wide[:, :, None, None],
    lambda wide, _: wide.reshape(2, 2, 6).transpose(0, 1).reshape(4, 6),
    lambda wide, _: wide.chunk(2)[1],
    lambda wide, _: torch.split_with_sizes(wide, [1, 3])[1][0],
    lambda wide, _: wide.T.contiguous(),
    lambda wide, _: wide.view(2, 2, 6).permute(1, 0, 2).detach().clone(),
]
SUMS: list[Rewrite] = [
    lambda wide, row: wide / row,
    lambda wide, row: wide @ row,
    lambda wide, row: torch.cat([wide, row[None]]),
    lambda wide, row: wide + 0.5 * torch.outer(torch.ones(4), row),
]


def late(numbers: torch.Tensor) -> torch.Tensor:
    made: torch.Tensor = LateTensor(torch.empty_like(numbers, device="meta"), lambda: numbers)
    return made.float()


def numbers(tensor: torch.Tensor) -> torch.Tensor:
    assert isinstance(tensor, LateTensor)
    return tensor.numbers()


@pytest.mark.parametrize("rewrite", MOVES + SUMS)
def test_a_rewritten_tensor_is_what_pytorch_makes_of_it(rewrite: Rewrite) -> None:
    found = rewrite(late(WIDE), late(ROW))
    wanted = rewrite(WIDE.float(), ROW.float())

    assert (found.shape, found.dtype, found.device.type) == (wanted.shape, torch.float32, "meta")
    assert torch.equal(numbers(found), wanted)


@pytest.mark.parametrize("rewrite", MOVES)
def test_what_is_only_moved_stays_in_float16(rewrite: Rewrite) -> None:
    found = rewrite(late(WIDE), late(ROW))

    assert isinstance(found, LateTensor)
    assert found.read().dtype == np.float16
    assert np.array_equal(found.read(), rewrite(WIDE, ROW).numpy())


def test_what_numpy_does_not_know_is_read_as_float32() -> None:
    row = late(ROW)

    assert isinstance(row, LateTensor)
    assert np.array_equal(row.read(), ROW.float().numpy())
    assert row.read().dtype == np.float32


def test_modules_take_late_tensors() -> None:
    linear = nn.Linear(6, 4, bias=False, device="meta")
    linear.load_state_dict({"weight": late(WIDE)}, assign=True)

    assert isinstance(linear.weight, nn.Parameter)
    assert torch.equal(numbers(linear.weight), WIDE.float())


def test_nothing_changes_one_in_place() -> None:
    with pytest.raises(TypeError, match="not in memory"):
        late(WIDE).add_(1)
