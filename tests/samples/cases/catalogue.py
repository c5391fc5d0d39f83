"""Every operation with the strategy that draws its cases."""

from hypothesis import strategies as st
from samples.cases import (
    activation,
    arithmetic,
    boxes,
    convolution,
    decompression,
    elementwise,
    gathering,
    layout,
    linear,
    normalization,
    ordering,
    quantization,
    recurrence,
    reduction,
    resizing,
    sampling,
    slicing,
    windows,
)
from samples.cases.case import Case

_FAMILIES = (
    activation,
    arithmetic,
    boxes,
    convolution,
    decompression,
    elementwise,
    gathering,
    layout,
    linear,
    normalization,
    ordering,
    quantization,
    recurrence,
    reduction,
    resizing,
    sampling,
    slicing,
    windows,
)
CASES: dict[str, st.SearchStrategy[Case]] = {
    name: strategy for family in _FAMILIES for name, strategy in family.CASES.items()
}
