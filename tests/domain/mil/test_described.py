"""A description that contradicts its function is refused by name."""

from typing import Any

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.domain.mil.described import check_description
from coreml_stable_diffusion.domain.mil.program import Program
from coreml_stable_diffusion.domain.pixel_layout import PixelLayout
from coreml_stable_diffusion.domain.tensor import SizeRanges, TensorSpec
from numpy.typing import NDArray
from samples.programs import operation, program


def _described(x: NDArray[Any], **told: Any) -> Program:
    """A program that takes x and is told to take it otherwise."""
    sound = program([operation("relu", ["y"], x="x")], {"x": x}, {"y": x})
    changed = attrs.evolve(sound.description.inputs[0], **told)
    return attrs.evolve(sound, description=attrs.evolve(sound.description, inputs=(changed,)))


FLOATS, WHOLE = np.zeros((1, 3, 4, 6), np.float16), np.zeros((2, 3), np.int32)
PICTURE = {"shape": (4, 6, 3), "dtype": "uint8", "pixels": PixelLayout.RGB}
RANGES = SizeRanges(((1, 2), (3, 3), (4, 4), (6, 6)))


@pytest.mark.parametrize(
    "told", [{}, {"dtype": "float32"}, {"shape": ()}, PICTURE, {"flexibility": RANGES}]
)
def test_what_fits_is_taken(told: Any) -> None:
    check_description(_described(FLOATS, **told))


@pytest.mark.parametrize(
    "told",
    [
        {"shape": (1, 3, 4, 5)},
        {"shape": (3, 4, 6)},
        {"dtype": "int32"},
        {**PICTURE, "shape": (6, 4, 3)},
        {"shape": (4, 6), "dtype": "uint8", "pixels": PixelLayout.GRAYSCALE},
    ],
)
def test_an_input_of_another_shape_or_kind_is_refused(told: Any) -> None:
    with pytest.raises(ValueError, match=r"description gives x as .*, its function tensor<fp16"):
        check_description(_described(FLOATS, **told))


def test_whole_numbers_are_no_floats() -> None:
    with pytest.raises(ValueError, match=r"x as float32 of"):
        check_description(_described(WHOLE, dtype="float32"))


@pytest.mark.parametrize("kind", ["inputs", "outputs"])
def test_a_name_that_is_described_twice_is_refused(kind: str) -> None:
    sound = _described(FLOATS)
    twice: tuple[TensorSpec, ...] = getattr(sound.description, kind) * 2
    changed: Any = {kind: twice}
    described = attrs.evolve(sound.description, **changed)

    with pytest.raises(ValueError, match=rf"its description has 2 {kind} '[xy]'"):
        check_description(attrs.evolve(sound, description=described))
