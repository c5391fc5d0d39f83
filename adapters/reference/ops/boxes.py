"""Boxes in pictures: what is in them, and which of them to keep."""

from collections.abc import Callable

import torch
from torch import Tensor

from .arguments import Tensors, meaning
from .resizing import blended

#: Which coordinates of a box are top, left, bottom, right, or its centre and size.
_ORDERS = {
    "CORNERS_HEIGHT_FIRST": (0, 1, 2, 3),
    "CORNERS_WIDTH_FIRST": (1, 0, 3, 2),
    "CENTER_SIZE_HEIGHT_FIRST": (0, 1, 2, 3),
    "CENTER_SIZE_WIDTH_FIRST": (1, 0, 3, 2),
}
#: Where the only point lies: what part of the way from the box's start to its end.
_ONLY_POINT = {"STRICT_ALIGN_CORNERS": 0.0, "ALIGN_CORNERS": 0.5}


def crop_resize(
    x: Tensor,
    roi: Tensor | None = None,
    boxes: Tensor | None = None,
    box_indices: Tensor | None = None,
    *,
    target_height: int = 1,
    target_width: int = 1,
    normalized_coordinates: bool = False,
    spatial_scale: float = 1.0,
    box_coordinate_mode: str = "CORNERS_HEIGHT_FIRST",
    sampling_mode: str = "DEFAULT",
    pad_value: float = 0.0,
) -> Tensor:
    """Blend the nearest pixels at points from corner to corner of boxes, `pad_value` beyond x.

    iOS17 has boxes (count, 4) and the picture of each, before it `roi` has both, or boxes alone
    that are cut out of every picture: (count, 1, 5 or 4, 1, 1).
    """
    only = meaning("sampling_mode", sampling_mode, _ONLY_POINT)
    order = meaning("box_coordinate_mode", box_coordinate_mode, _ORDERS)
    pictures, corners = _placed(x, roi, boxes, box_indices)
    corners = corners[:, list(order)].float() * spatial_scale
    if box_coordinate_mode.startswith("CENTER"):
        centre, size = corners[:, :2], corners[:, 2:]
        corners = torch.cat([centre - size / 2, centre + size / 2], 1)
    height, width = x.shape[-2:]
    scales = (height - 1, width - 1) if normalized_coordinates else (1, 1)
    rows = _points(corners[:, ::2], target_height, only) * scales[0]
    columns = _points(corners[:, 1::2], target_width, only) * scales[1]
    boxed = zip(pictures, rows, columns, strict=True)
    cut = torch.stack([_seen(x[int(one)], down, across, pad_value) for one, down, across in boxed])
    return cut if roi is None else cut.reshape(len(roi), -1, *cut.shape[1:])


def non_maximum_suppression(
    boxes: Tensor,
    scores: Tensor,
    iou_threshold: float,
    max_boxes: int,
    *,
    score_threshold: float | None = None,
    per_class_suppression: bool = False,
) -> Tensors:
    """Keep boxes by falling score, without those that overlap with one before too much.

    A box is (centre x, centre y, width, height), its score that of its best class. Gives boxes,
    scores and indices, after the last of them zeros and -1, and before iOS17, where boxes come
    before their coordinates and `score_threshold` is asked for, how many there are.
    """
    if score_threshold is None:
        boxes, scores = boxes.mT, scores.mT
    best, classes = scores.max(-1)
    indices = torch.full((len(boxes), max_boxes), -1, dtype=torch.int32)
    for example, chosen in enumerate(indices):
        overlapping = _overlaps(boxes[example]) > iou_threshold
        if per_class_suppression:
            overlapping &= classes[example][:, None] == classes[example]
        allowed = best[example] >= (-torch.inf if score_threshold is None else score_threshold)
        kept = _kept(best[example], overlapping, allowed)[:max_boxes]
        chosen[: len(kept)] = torch.tensor(kept, dtype=torch.int32)
    there = indices >= 0
    rows = indices.clamp(min=0).long()[..., None]
    found = [each.take_along_dim(rows, 1) * there[..., None] for each in (boxes, scores)]
    if score_threshold is None:
        return (*(each.mT for each in found), indices)
    return (*found, indices, there.sum(-1, dtype=torch.int32))


def _placed(
    x: Tensor, roi: Tensor | None, boxes: Tensor | None, box_indices: Tensor | None
) -> tuple[Tensor, Tensor]:
    """The picture that each box is cut out of, and the coordinates (count, 4) of the boxes."""
    if boxes is not None:
        return torch.arange(len(boxes)) if box_indices is None else box_indices, boxes
    if roi is None:
        raise ValueError("it lacks boxes")
    flat = roi.reshape(len(roi), -1)
    if flat.shape[1] == 5:
        return flat[:, 0].long(), flat[:, 1:]
    return torch.arange(len(x)).repeat(len(flat)), flat.repeat_interleave(len(x), 0)


def _points(ends: Tensor, count: int, only: float) -> Tensor:
    steps = torch.linspace(0, 1, count) if count > 1 else torch.tensor([only])
    return torch.lerp(ends[:, :1], ends[:, 1:], steps)


def _seen(picture: Tensor, rows: Tensor, columns: Tensor, beyond: float) -> Tensor:
    inside = torch.ones((), dtype=torch.bool)
    for axis, points in ((-2, rows), (-1, columns)):
        last = picture.shape[axis] - 1
        within = (points >= 0) & (points <= last)
        inside = inside & (within[:, None] if axis == -2 else within)
        picture = blended(picture, axis, points.clamp(0, last))
    return torch.where(inside, picture, beyond)


def _overlaps(boxes: Tensor) -> Tensor:
    """Intersection over union of each with each."""
    centres, sizes = boxes[:, :2], boxes[:, 2:]
    low = torch.maximum((centres - sizes / 2)[:, None], centres - sizes / 2)
    high = torch.minimum((centres + sizes / 2)[:, None], centres + sizes / 2)
    shared = (high - low).clamp(min=0).prod(-1)
    areas = sizes.prod(-1)
    return shared / (areas[:, None] + areas - shared)


def _kept(scores: Tensor, overlapping: Tensor, allowed: Tensor) -> list[int]:
    kept: list[int] = []
    left = allowed.clone()
    for each in scores.argsort(descending=True, stable=True).tolist():
        if left[each]:
            kept.append(each)
            left &= ~overlapping[each]
    return kept


OPERATIONS: dict[str, Callable[..., Tensor | Tensors]] = {
    "crop_resize": crop_resize,
    "non_maximum_suppression": non_maximum_suppression,
}
