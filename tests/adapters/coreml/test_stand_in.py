"""Stand-ins look like the arrays that they stand for, and never lend a wrong number."""

from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.coreml.stand_in import StandIn
from numpy.typing import NDArray

NUMBERS = np.random.default_rng(0).standard_normal((3, 5)).astype(np.float32)


@attrs.define
class Weight:
    """Counts how often it is read."""

    numbers: NDArray[np.generic] = attrs.field(default=NUMBERS, eq=False)
    reads: int = 0

    @property
    def shape(self) -> tuple[int, ...]:
        return self.numbers.shape

    def read(self) -> NDArray[np.generic]:
        self.reads += 1
        return self.numbers


def stand_in(weight: Weight) -> StandIn:
    return StandIn.of(weight, weight.shape)


def test_casts_and_shapes_read_nothing() -> None:
    weight = Weight()
    changed = stand_in(weight).reshape(5, -1).astype(np.float16)

    assert (changed.shape, changed.dtype) == ((5, 3), np.float16)
    assert changed.flatten().shape == (15,)
    assert weight.reads == 0
    assert np.array_equal(changed.numbers(), NUMBERS.reshape(5, 3).astype(np.float16))


def test_a_wider_type_keeps_the_rounding_of_the_narrower() -> None:
    found = stand_in(Weight()).astype(np.float16).astype(np.float32)

    assert np.array_equal(found, NUMBERS.astype(np.float16).astype(np.float32))


USES: list[Callable[[Any], Any]] = [
    lambda array: array + 1,
    lambda array: np.sqrt(np.abs(array)),
    lambda array: array.max(),
    lambda array: np.take(array, [1, 0], axis=0),
    lambda array: np.concatenate([array, array]),
    lambda array: array[1:, 2],
    lambda array: np.expand_dims(array, 0),
    lambda array: np.allclose(array, NUMBERS),
    lambda array: np.mean(a=array, axis=0),
    lambda array: np.stack(arrays=[array, array]),
    lambda array: np.add(array, 1, out=np.zeros_like(NUMBERS)),
    lambda array: np.add.reduce(array, axis=0, initial=array[0, 0]),
]


@pytest.mark.parametrize("use", USES)
def test_whoever_computes_with_one_gets_the_numbers(use: Callable[[Any], Any]) -> None:
    found = use(stand_in(Weight()))

    assert not isinstance(found, StandIn)
    assert np.array_equal(found, use(NUMBERS))


def test_nothing_is_written_into_one() -> None:
    array: Any = stand_in(Weight())

    with pytest.raises(TypeError):
        array += 1


def test_only_stand_ins_of_one_weight_are_equal() -> None:
    weight, other = Weight(), Weight()

    assert not np.any(stand_in(weight) != stand_in(weight))
    assert np.any(stand_in(weight) != stand_in(other))
    assert weight.reads == other.reads == 0


def test_behind_numpys_back_there_is_no_number() -> None:
    assert np.isnan(np.asarray(stand_in(Weight()))).all()
