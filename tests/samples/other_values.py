"""Types, values and descriptions that are another than they were, plausible and absurd."""

import random
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.value import StoredWeight, TensorValue
from coreml_stable_diffusion.domain.mil.value_type import (
    Dimension,
    ListType,
    TensorType,
    Unknown,
    ValueType,
)
from coreml_stable_diffusion.domain.pixel_layout import PixelLayout
from coreml_stable_diffusion.domain.tensor import SizeRanges, TensorSpec
from numpy.typing import NDArray
from samples.programs import constant

#: Whole numbers for axes, sizes, pads and strides.
WHOLE = (0, 1, 2, 3, -1, -2, -3, 7, -7, 99, 2**16, 2**31 - 1, -(2**31))
REAL = (0.0, -1.0, 0.5, 1e30, 1e-45, np.inf, -np.inf, np.nan)
WORDS = ("", "valid", "custom", "same", "fp32", "int32", "bool", "linear", "DEFAULT", "no such")
SIZES: tuple[Dimension, ...] = (0, 1, 2, 3, 5, 1000, 2**31, 2**62, *Unknown)
TYPES = tuple(each for each in DataType if each is not DataType.STRING)


def other_type(declared: ValueType, rng: random.Random) -> ValueType:
    if not isinstance(declared, TensorType) or rng.random() < 0.05:
        return ListType(TensorType(DataType.INT32), rng.choice(SIZES))
    if rng.random() < 0.3:
        return attrs.evolve(declared, data_type=rng.choice(list(DataType)))
    return attrs.evolve(declared, dimensions=_other_sizes(declared.dimensions, rng, SIZES))


def _other_sizes(sizes: Sequence[Any], rng: random.Random, choices: Sequence[Any]) -> Any:
    changed = list(sizes)
    match rng.randrange(5):
        case 0:
            changed.insert(rng.randrange(len(changed) + 1), rng.choice(choices))
        case 2:
            rng.shuffle(changed)
        case 1:
            del changed[rng.randrange(len(changed))]
        case _:
            changed[rng.randrange(len(changed))] = rng.choice(choices)
    return tuple(changed)


def other_spec(spec: TensorSpec, rng: random.Random) -> TensorSpec:
    match rng.randrange(6):
        case 0:
            kinds = ("float16", "float32", "float64", "int32", "int8")
            return attrs.evolve(spec, dtype=rng.choice(kinds))
        case 1:
            layout = rng.choice(list(PixelLayout))
            shape = layout.shape(rng.choice((0, 1, 4, 2**20)), 4)
            return attrs.evolve(spec, pixels=layout, shape=shape, dtype=layout.dtype)
        case 2:
            bounds = tuple(
                (rng.choice((0, 1, each)), rng.choice((each, None))) for each in spec.shape
            )
            return attrs.evolve(spec, flexibility=SizeRanges(bounds))
        case _:
            return attrs.evolve(spec, shape=_other_sizes(spec.shape, rng, (0, 1, 2, 3, 5, 2**31)))


def other_value(value: Any, rng: random.Random) -> Any:
    """A tensor with other numbers, another shape or another type; other values as they are."""
    if not isinstance(value, TensorValue | StoredWeight):
        return value
    array: NDArray[Any] = np.array(value.array())
    if array.dtype.kind == "U":
        return constant(rng.choice((*WORDS, array.item())) if array.ndim == 0 else "")
    match rng.randrange(9):
        case 8 if array.ndim:
            array = np.array(rng.sample(list(array), len(array)))
        case 0:
            array = array.astype(rng.choice(TYPES).numpy)
        case 1:
            array = array.reshape(rng.choice(((-1,), (1, *array.shape), (*array.shape, 1))))
        case 2 if array.ndim:
            array = array[: rng.randrange(len(array))]
        case 3:
            array = np.concatenate([np.atleast_1d(array)] * 2, rng.choice((0, -1)))
        case 4 if array.ndim > 1:
            array = array.swapaxes(0, -1)
        case 5 if array.ndim:
            array = array.reshape(-1)[0]
        case _:
            chosen = rng.choice(REAL if array.dtype.kind == "f" else WHOLE)
            place = rng.choice((slice(None), rng.randrange(max(1, array.size))))
            flat = array.reshape(-1).copy()
            flat[place] = np.array(chosen).astype(array.dtype)
            array = flat.reshape(array.shape)
    kind = value.type.data_type if array.dtype == value.type.data_type.numpy else None
    found = constant(array)
    return found if kind is None else TensorValue(TensorType(kind, array.shape), array)
