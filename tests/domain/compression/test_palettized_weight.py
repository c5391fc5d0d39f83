"""Weights as indices and palettes, spelled for systems old and new."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.compression.palettization import Palettization
from coreml_stable_diffusion.domain.compression.palettized_weight import PalettizedWeight
from coreml_stable_diffusion.domain.mil.computed_weight import computed_weight
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.packing import unpack
from coreml_stable_diffusion.domain.mil.value import StoredWeight, TensorValue
from coreml_stable_diffusion.domain.mil.value_type import TensorType


def stored(*shape: int) -> StoredWeight:
    array = np.random.default_rng(4).standard_normal(shape).astype(np.float16)
    return computed_weight(TensorType(DataType.FP16, shape), lambda: array)


@pytest.mark.parametrize("columns", [50, 80_001])
def test_both_spellings_hold_the_same_indices_few_or_many(columns: int) -> None:
    weight = PalettizedWeight.of(stored(2, columns), 0, Palettization(bits=6))

    packed = weight.flat().attributes["indices"]
    [shaped] = weight.shaped().inputs["indices"]

    assert isinstance(packed, StoredWeight)
    assert isinstance(shaped, StoredWeight | TensorValue)
    indices = unpack(packed.array().astype(np.uint8), DataType.UINT6, 2 * columns)
    assert np.array_equal(indices.reshape(2, columns), shaped.array())
