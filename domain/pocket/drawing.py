"""Draws a scene as anti-aliased pixels, each shape given by its signed distance."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .scene import COLOURS, Scene

_Plane = NDArray[np.float64]


def draw(scene: Scene, size: int) -> NDArray[np.uint8]:
    """Paint the scene: a (size, size, 3) array of 8-bit red, green and blue."""
    inside = coverage(
        scene.combination.shape,
        radius=scene.radius * size,
        centre_x=scene.centre_x * size,
        centre_y=scene.centre_y * size,
        size=size,
    )[..., np.newaxis]
    colour = np.array(COLOURS[scene.combination.colour], dtype=np.float64)
    background = np.array(COLOURS[scene.combination.background], dtype=np.float64)
    painted = background + inside * (colour - background)
    return np.rint(painted).astype(np.uint8)


def coverage(
    shape: str, *, radius: float, centre_x: float, centre_y: float, size: int
) -> NDArray[np.float64]:
    """How much of each pixel the shape covers, (size, size) from 0 to 1; lengths in pixels."""
    rows, columns = np.mgrid[0:size, 0:size] + 0.5
    distance = _DISTANCES[shape](columns - centre_x, rows - centre_y, radius)
    return np.clip(0.5 - distance, 0.0, 1.0)


def _circle(x: _Plane, y: _Plane, radius: float) -> _Plane:
    return np.asarray(np.hypot(x, y) - radius)


def _square(x: _Plane, y: _Plane, radius: float) -> _Plane:
    return np.asarray(np.maximum(np.abs(x), np.abs(y)) - 0.88 * radius)


def _triangle(x: _Plane, y: _Plane, radius: float) -> _Plane:
    corner_distance = 1.2 * radius
    edges = _along_directions(x, y, count=3, first_degrees=90.0)
    return np.asarray(edges.max(axis=0) - corner_distance / 2)


def _star(x: _Plane, y: _Plane, radius: float) -> _Plane:
    # A pentagram is where at most one of the five half-planes behind its tips is left.
    tip_distance = 1.2 * radius
    edges = _along_directions(x, y, count=5, first_degrees=-90.0)
    return np.asarray(np.sort(edges, axis=0)[-2] - tip_distance * np.cos(np.radians(72.0)))


def _cross(x: _Plane, y: _Plane, radius: float) -> _Plane:
    long, short = np.maximum(np.abs(x), np.abs(y)), np.minimum(np.abs(x), np.abs(y))
    return np.asarray(np.maximum(long - radius, short - 0.34 * radius))


def _ring(x: _Plane, y: _Plane, radius: float) -> _Plane:
    return np.asarray(np.abs(np.hypot(x, y) - 0.75 * radius) - 0.25 * radius)


def _along_directions(x: _Plane, y: _Plane, *, count: int, first_degrees: float) -> _Plane:
    angles = np.radians(first_degrees + 360.0 / count * np.arange(count))
    return np.stack([x * np.cos(angle) + y * np.sin(angle) for angle in angles])


_DISTANCES: dict[str, Callable[[_Plane, _Plane, float], _Plane]] = {
    "circle": _circle,
    "square": _square,
    "triangle": _triangle,
    "star": _star,
    "cross": _cross,
    "ring": _ring,
}
