"""Cases of the pictures seen at points, pixel by pixel."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Array, Case, known, widened
from samples.cases.drawing import FLOATS, number, numbers, one_of, truth, whole

_COORDINATES = ("unnormalized", "normalized_minus_one_to_one", "normalized_zero_to_one")
_PADDING = ("constant", "border", "reflection", "symmetric")


def _seen(picture: Array, point: Array, padding: str, value: float, *, nearest: bool) -> Array:
    """The channels of a picture at (column, row): pixels beyond it are what NumPy would pad."""
    if nearest:
        column, row = np.round(point).astype(int)
        return _pixel(picture, row, column, padding, value)
    left, top = np.floor(point).astype(int)
    across, down = point - (left, top)
    result = np.zeros(len(picture))
    for row, row_weight in ((top, 1 - down), (top + 1, down)):
        for column, column_weight in ((left, 1 - across), (left + 1, across)):
            pixel = _pixel(picture, row, column, padding, value)
            result += row_weight * column_weight * pixel
    return result


def _pixel(picture: Array, row: int, column: int, padding: str, value: float) -> Array:
    height, width = picture.shape[1:]
    if padding == "constant" and not (0 <= row < height and 0 <= column < width):
        return np.full(len(picture), value)
    return picture[:, _inside(row, height, padding), _inside(column, width, padding)]


def _inside(index: int, size: int, padding: str) -> int:
    if padding in ("border", "constant"):
        return min(max(index, 0), size - 1)
    period = 2 * size if padding == "symmetric" else max(1, 2 * size - 2)
    index %= period
    return index if index < size else period - index - (padding == "symmetric")


def _pixels(coordinates: Array, sizes: Array, mode: str, *, aligned: bool) -> Array:
    if mode == "unnormalized":
        return coordinates
    fraction = coordinates if mode == "normalized_zero_to_one" else (coordinates + 1) / 2
    return np.asarray(fraction * (sizes - 1) if aligned else fraction * sizes - 0.5)


@st.composite
def _resample(draw: st.DrawFn) -> Case:
    dtype = one_of(draw, FLOATS)
    batch, channels, out_height, out_width = (whole(draw, 1, 3) for _ in range(4))
    height, width = (whole(draw, 2, 5) for _ in range(2))
    x = numbers(draw, (batch, channels, height, width), dtype)
    mode, padding = one_of(draw, _COORDINATES), one_of(draw, _PADDING)
    kind, aligned = one_of(draw, ("bilinear", "nearest")), truth(draw)
    ends = (-3, 7) if mode == "unnormalized" else (-1.9, 1.9)
    coordinates = numbers(draw, (batch, out_height, out_width, 2), np.float32, *ends)
    sizes = np.array([width, height], np.float32)
    seen_at = _pixels(coordinates, sizes, mode, aligned=aligned)
    if kind == "nearest":  # a point between two pixels is as near to one as to the other
        seen_at = np.round(seen_at) + np.clip(seen_at - np.round(seen_at), -0.4, 0.4)
        mode, coordinates = "unnormalized", seen_at.astype(np.float32)
    value = number(draw, dtype) if padding == "constant" else dtype(0)
    result = np.empty((batch, channels, out_height, out_width), np.float32)
    for example, row, column in np.ndindex(batch, out_height, out_width):
        result[example, :, row, column] = _seen(
            widened(x)[example],
            seen_at[example, row, column],
            padding,
            float(value),
            nearest=kind == "nearest",
        )
    options = {"sampling_mode": kind, "padding_mode": padding, "padding_value": value}
    places = {"coordinates_mode": mode, "align_corners": aligned}
    return known({"x": x, "coordinates": coordinates} | options | places, result)


@st.composite
def _affine(draw: st.DrawFn) -> Case:
    """What coremltools allows: bilinear, aligned, zeros around."""
    dtype = one_of(draw, FLOATS)
    batch, channels = whole(draw, 1, 2), whole(draw, 1, 2)
    height, width, out_height, out_width = (whole(draw, 2, 4) for _ in range(4))
    x = numbers(draw, (batch, channels, height, width), dtype)
    matrix = numbers(draw, (one_of(draw, (1, batch)), 6), dtype, -1.5, 1.5)
    rows, columns = (np.linspace(-1, 1, size) for size in (out_height, out_width))
    result = np.empty((batch, channels, out_height, out_width), np.float32)
    for example, row, column in np.ndindex(batch, out_height, out_width):
        lead = widened(matrix)[example % len(matrix)].reshape(2, 3)
        place = lead @ np.array([columns[column], rows[row], 1])
        point = (place + 1) / 2 * (np.array([width, height]) - 1)
        result[example, :, row, column] = _seen(
            widened(x)[example], point, "constant", 0, nearest=False
        )
    options: dict[str, Any] = {
        "sampling_mode": "bilinear",
        "padding_mode": "constant",
        "padding_value": dtype(0),
        "coordinates_mode": "normalized_minus_one_to_one",
        "align_corners": True,
        "output_height": out_height,
        "output_width": out_width,
    }
    return known({"x": x, "transform_matrix": matrix} | options, result)


CASES: dict[str, st.SearchStrategy[Case]] = {"affine": _affine(), "resample": _resample()}
