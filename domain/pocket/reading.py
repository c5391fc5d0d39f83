"""Reads colour, shape and background off a picture: prompt adherence as a measurement."""

import attrs
import numpy as np
from numpy.typing import NDArray

from .drawing import coverage
from .scene import COLOURS, SHAPES, Combination

_FRAME = 0.04
_LEAST_OVERLAP = 0.7
_COLOUR_DISTANCE = 60.0
_AREA_SIZE = 128


@attrs.frozen(kw_only=True)
class Reading:
    """What a picture shows; None stands for "nothing that has a name"."""

    colour: str | None
    shape: str | None
    background: str | None

    def shows(self, wanted: Combination) -> dict[str, bool]:
        """Which of colour, shape and background, and whether all of them, are as wanted."""
        found = {
            "colour": self.colour == wanted.colour,
            "shape": self.shape == wanted.shape,
            "background": self.background == wanted.background,
        }
        return found | {"all": all(found.values())}


def read(pixels: NDArray[np.uint8]) -> Reading:
    """Read a square (size, size, 3) picture of 8-bit red, green and blue.

    The background is the colour of the frame; the shape is the one of six that overlaps most with
    what differs from the background once it is drawn with the same area and centre of mass.
    """
    colours = pixels.astype(np.float64)
    background = np.median(colours[_frame(len(pixels))], axis=0)
    mask = np.linalg.norm(colours - background, axis=-1) > _COLOUR_DISTANCE
    if mask.mean() < 0.01:
        return Reading(colour=None, shape=None, background=_name(background))
    return Reading(
        colour=_name(np.median(colours[mask], axis=0)),
        shape=_shape(mask),
        background=_name(background),
    )


def _frame(size: int) -> NDArray[np.bool_]:
    width = max(1, round(_FRAME * size))
    frame = np.ones((size, size), dtype=np.bool_)
    frame[width:-width, width:-width] = False
    return frame


def _name(colour: NDArray[np.float64]) -> str | None:
    names = list(COLOURS)
    distances = np.linalg.norm(np.array(list(COLOURS.values())) - colour, axis=-1)
    nearest = int(distances.argmin())
    return names[nearest] if distances[nearest] < _COLOUR_DISTANCE else None


def _shape(mask: NDArray[np.bool_]) -> str | None:
    overlaps = {shape: _overlap(mask, shape) for shape in SHAPES}
    best = max(overlaps, key=lambda shape: overlaps[shape])
    return best if overlaps[best] >= _LEAST_OVERLAP else None


def _overlap(mask: NDArray[np.bool_], shape: str) -> float:
    rows, columns = np.nonzero(mask)
    drawn = coverage(
        shape,
        radius=float(np.sqrt(mask.sum() / _unit_area(shape))),
        centre_x=float(columns.mean()) + 0.5,
        centre_y=float(rows.mean()) + 0.5,
        size=len(mask),
    )
    drawn_mask = drawn > 0.5
    return float((mask & drawn_mask).sum() / (mask | drawn_mask).sum())


def _unit_area(shape: str) -> float:
    radius = _AREA_SIZE / 4
    middle = _AREA_SIZE / 2
    drawn = coverage(shape, radius=radius, centre_x=middle, centre_y=middle, size=_AREA_SIZE)
    return float(drawn.sum()) / radius**2
