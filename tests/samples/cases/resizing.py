"""Cases of the pictures made larger and smaller, by the points that MIL's documentation lays."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Array, Case, known, widened
from samples.cases.drawing import FLOATS, numbers, one_of, some_shape, truth, whole

MODES = ("STRICT_ALIGN_CORNERS", "ALIGN_CORNERS", "DEFAULT", "OFFSET_CORNERS", "UNALIGN_CORNERS")


def points(mode: str, size: int, target: int) -> Array:
    """The documented grid points, in pixels of the source."""
    steps = np.arange(target)
    match mode:
        case "DEFAULT":
            spacing = (size - size / target) / max(1, target - 1)
            grid = steps * spacing
        case "OFFSET_CORNERS":
            delta = max(1, size - 1) / target
            grid = 0.5 * delta + steps * delta
        case "UNALIGN_CORNERS":
            spacing = size / target
            grid = steps * spacing + 0.5 * spacing - 0.5
        case "ALIGN_CORNERS" if target == 1:
            grid = np.array([(size - 1) / 2])
        case _:
            grid = steps * ((size - 1) / max(1, target - 1))
    return np.asarray(np.clip(grid, 0, size - 1))


def blended(x: Array, axis: int, grid: Array) -> Array:
    """The pixels on either side of each point, weighed by how near they are."""
    low = np.floor(grid).astype(int)
    high = np.minimum(low + 1, x.shape[axis] - 1)
    weight = (grid - low).reshape([-1 if each == axis % x.ndim else 1 for each in range(x.ndim)])
    return np.asarray(np.take(x, low, axis) * (1 - weight) + np.take(x, high, axis) * weight)


def _resized(x: Array, mode: str, *targets: int) -> Array:
    for axis, target in zip(range(-len(targets), 0), targets, strict=True):
        x = blended(x, axis, points(mode, x.shape[axis], target))
    return x.astype(np.float32)


def _nearest(x: Array, *targets: int) -> Array:
    for axis, target in zip(range(-len(targets), 0), targets, strict=True):
        x = np.take(x, np.arange(target) * x.shape[axis] // target, axis)
    return x


def _picture(draw: st.DrawFn) -> Array:
    return numbers(draw, some_shape(draw, 3, 5), one_of(draw, FLOATS))


@st.composite
def _upsample(draw: st.DrawFn, *, blend: bool) -> Case:
    x = _picture(draw)
    factors: dict[str, Any] = {}
    targets = []
    choices = (1, 2, 3) if truth(draw) else tuple(map(np.float32, (1.4, 1.5, 2, 2.4)))
    for name, size in (("height", x.shape[-2]), ("width", x.shape[-1])):
        factor = one_of(draw, choices)
        factors[f"scale_factor_{name}"] = factor
        targets.append(int(np.floor(factor * size)))
    if not blend:
        return known({"x": x} | factors, _nearest(widened(x), *targets))
    aligned = truth(draw)
    mode = "STRICT_ALIGN_CORNERS" if aligned else "UNALIGN_CORNERS"
    given = {} if aligned and truth(draw) else {"align_corners": aligned}
    return known({"x": x} | factors | given, _resized(widened(x), mode, *targets))


@st.composite
def _resize_bilinear(draw: st.DrawFn) -> Case:
    x, mode = _picture(draw), one_of(draw, MODES)
    height, width = (whole(draw, 1, 8) for _ in range(2))
    given = {"x": x, "target_size_height": height, "target_size_width": width}
    given |= {} if mode == "DEFAULT" and truth(draw) else {"sampling_mode": mode}
    return known(given, _resized(widened(x), mode, height, width))


@st.composite
def _resize_nearest_neighbor(draw: st.DrawFn) -> Case:
    x = _picture(draw)
    height, width = (whole(draw, 1, 8) for _ in range(2))
    given = {"x": x, "target_size_height": height, "target_size_width": width}
    return known(given, _nearest(widened(x), height, width))


@st.composite
def _resize(draw: st.DrawFn) -> Case:
    x, resized = _picture(draw), whole(draw, 1, 2)
    targets = [whole(draw, 1, 8) for _ in range(resized)]
    shape = [0 if size == x.shape[axis - resized] and truth(draw) else size
             for axis, size in enumerate(targets)]  # fmt: skip
    given: dict[str, Any] = {
        "x": x,
        "shape": np.array(shape, np.int32),
        "resized_dims": np.uint32(resized),
    }
    if truth(draw):
        given |= {"interpolation_mode": "NEAREST_NEIGHBOR"}
        return known(given, _nearest(widened(x), *targets))
    mode = one_of(draw, MODES)
    given |= {"interpolation_mode": "LINEAR", "sampling_mode": mode}
    return known(given, _resized(widened(x), mode, *targets))


@st.composite
def _crop(draw: st.DrawFn) -> Case:
    x = _picture(draw)
    (top, bottom), (left, right) = sides = [
        (whole(draw, 0, (size - 1) // 2), whole(draw, 0, (size - 1) // 2)) for size in x.shape[-2:]
    ]
    given = {"crop_height": list(sides[0]), "crop_width": list(sides[1])}
    rows, columns = slice(top, x.shape[-2] - bottom), slice(left, x.shape[-1] - right)
    return known({"x": x} | given, widened(x)[..., rows, columns])


CASES: dict[str, st.SearchStrategy[Case]] = {
    "crop": _crop(),
    "resize": _resize(),
    "resize_bilinear": _resize_bilinear(),
    "resize_nearest_neighbor": _resize_nearest_neighbor(),
    "upsample_bilinear": _upsample(blend=True),
    "upsample_nearest_neighbor": _upsample(blend=False),
}
