"""Cases of the boxes in pictures, pixel by pixel and box by box."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Array, Case, known, widened
from samples.cases.drawing import FLOATS, generator, number, numbers, one_of, truth, whole

_MODES = (
    "CORNERS_HEIGHT_FIRST",
    "CORNERS_WIDTH_FIRST",
    "CENTER_SIZE_HEIGHT_FIRST",
    "CENTER_SIZE_WIDTH_FIRST",
)


def _told(corners: Array, mode: str) -> Array:
    """Corners (top, left, bottom, right) as MIL's mode tells them."""
    if mode.startswith("CENTER"):
        low, high = corners[:, :2], corners[:, 2:]
        corners = np.concatenate([(low + high) / 2, high - low], 1)
    return corners[:, [1, 0, 3, 2]] if mode.endswith("WIDTH_FIRST") else corners


def _cut(picture: Array, ends: Array, sizes: tuple[int, int], strict: bool, pad: float) -> Array:
    grids = []
    for axis, count in enumerate(sizes):
        start, end = ends[axis], ends[axis + 2]
        middle = [start if strict else (start + end) / 2]
        grids.append(np.linspace(start, end, count) if count > 1 else np.array(middle))
    result = np.full((len(picture), *sizes), pad, np.float64)
    for row, column in np.ndindex(*sizes):
        place = np.array([grids[0][row], grids[1][column]])
        if (place < 0).any() or (place > np.array(picture.shape[1:]) - 1).any():
            continue
        low = np.floor(place).astype(int)
        high = np.minimum(low + 1, np.array(picture.shape[1:]) - 1)
        down, across = place - low
        above = picture[:, low[0], low[1]] * (1 - across) + picture[:, low[0], high[1]] * across
        below = picture[:, high[0], low[1]] * (1 - across) + picture[:, high[0], high[1]] * across
        result[:, row, column] = above * (1 - down) + below * down
    return result


@st.composite
def _crop_resize(draw: st.DrawFn) -> Case:
    """Boxes in quarters of pixels, so that no rounding decides whether a point is inside."""
    dtype, (batch, channels) = one_of(draw, FLOATS), (whole(draw, 1, 2), whole(draw, 1, 2))
    height, width = (one_of(draw, (3, 5)) for _ in range(2))
    x = numbers(draw, (batch, channels, height, width), dtype)
    count, sizes = whole(draw, 1, 3), (one_of(draw, (1, 2, 3, 5)), one_of(draw, (1, 2, 3, 5)))
    scales = np.array([height - 1, width - 1] * 2)
    normal, scale = truth(draw), one_of(draw, (1.0, 0.5))
    corners = generator(draw).integers(-2, 7, (count, 4)) / 4 * (1 if normal else scales)
    mode, strict = one_of(draw, _MODES), truth(draw)
    pad = number(draw, dtype)
    kind = one_of(draw, ("boxes", "each picture", "every picture"))
    told = _told(corners, mode).astype(np.float32) / np.float32(scale)
    pictures = generator(draw).integers(0, batch, count).astype(np.int32)
    given: dict[str, Any] = {
        "x": x,
        "target_height": sizes[0],
        "target_width": sizes[1],
        "normalized_coordinates": normal,
        "spatial_scale": np.float32(scale),
        "box_coordinate_mode": mode,
        "sampling_mode": "STRICT_ALIGN_CORNERS" if strict else "ALIGN_CORNERS",
        "pad_value": pad,
    }
    ends = corners * scales if normal else corners
    if kind == "boxes":
        given |= {"boxes": told, "box_indices": pictures}
    elif kind == "each picture":
        given["roi"] = (
            np.concatenate([pictures[:, None], told], 1).astype(dtype).reshape(-1, 1, 5, 1, 1)
        )
    else:
        given["roi"] = told.astype(dtype).reshape(-1, 1, 4, 1, 1)
    every = kind == "every picture"
    pairs = [
        (picture, box)
        for box in range(count)
        for picture in (range(batch) if every else [pictures[box]])
    ]
    cuts = np.stack(
        [_cut(widened(x)[one], ends[box], sizes, strict, float(pad)) for one, box in pairs]
    )
    shape = (count, *([] if kind == "boxes" else [batch if every else 1]), channels, *sizes)
    return known(given, cuts.reshape(shape))


@st.composite
def _non_maximum_suppression(draw: st.DrawFn) -> Case:
    batch, count, classes = whole(draw, 1, 2), whole(draw, 1, 6), whole(draw, 1, 3)
    centres = numbers(draw, (batch, count, 2), low=0, high=4)
    boxes = np.concatenate([centres, numbers(draw, (batch, count, 2), low=1, high=4)], -1)
    order = generator(draw).permutation(batch * count * classes).reshape(batch, count, classes)
    scores = (order / order.size).astype(np.float32)
    most, overlap, least = whole(draw, 1, 7), one_of(draw, (0.1, 0.3, 0.6)), one_of(draw, (0, 0.4))
    alone, new = truth(draw), truth(draw)
    indices = np.full((batch, most), -1, np.int32)
    for example in range(batch):
        chosen: list[int] = []
        for each in np.argsort(-scores[example].max(-1)):
            rivals = [
                other
                for other in chosen
                if not alone or scores[example, other].argmax() == scores[example, each].argmax()
            ]
            worst = max(
                (_overlap(boxes[example, each], boxes[example, other]) for other in rivals),
                default=0,
            )
            if worst <= np.float32(overlap) and (
                new or scores[example, each].max() >= np.float32(least)
            ):
                chosen.append(int(each))
        indices[example, : len(chosen)] = chosen[:most]
    there = (indices >= 0)[..., None]
    found = [
        np.take_along_axis(each, np.maximum(indices, 0)[..., None], 1) * there
        for each in (boxes, scores)
    ]
    given: dict[str, Any] = {"iou_threshold": np.float32(overlap), "max_boxes": most}
    given |= {"per_class_suppression": alone} if alone or truth(draw) else {}
    if new:
        turned = [np.swapaxes(each, 1, 2) for each in found]
        edge = {"boxes": np.swapaxes(boxes, 1, 2), "scores": np.swapaxes(scores, 1, 2)}
        return known(edge | given, *turned, indices)
    given |= {"boxes": boxes, "scores": scores, "score_threshold": np.float32(least)}
    return known(given, *found, indices, there.sum((1, 2)).astype(np.int32))


def _overlap(one: Array, other: Array) -> float:
    sides = [
        min(one[axis] + one[axis + 2] / 2, other[axis] + other[axis + 2] / 2)
        - max(one[axis] - one[axis + 2] / 2, other[axis] - other[axis + 2] / 2)
        for axis in range(2)
    ]
    shared = max(0, sides[0]) * max(0, sides[1])
    return float(shared / (one[2] * one[3] + other[2] * other[3] - shared))


CASES: dict[str, st.SearchStrategy[Case]] = {
    "crop_resize": _crop_resize(),
    "non_maximum_suppression": _non_maximum_suppression(),
}
