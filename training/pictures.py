"""Random scenes as training pictures, and the scale that networks see them in."""

from collections.abc import Sequence

import numpy as np
import torch

from ..domain.pocket.drawing import draw
from ..domain.pocket.scene import Combination, Scene

PICTURE_SIZE = 128
_LEAST_RADIUS, _MOST_RADIUS = 0.21, 0.4
_MARGIN = 0.02
# A triangle and a star reach a fifth farther than their radius.
_REACH = 1.2


def random_scene(rng: np.random.Generator, combination: Combination) -> Scene:
    """The combination in a random size at a random place, whole within the picture."""
    radius = rng.uniform(_LEAST_RADIUS, _MOST_RADIUS)
    border = min(0.5, _REACH * radius + _MARGIN)
    return Scene(
        combination=combination,
        radius=radius,
        centre_x=rng.uniform(border, 1 - border),
        centre_y=rng.uniform(border, 1 - border),
    )


def pictures(scenes: Sequence[Scene], size: int = PICTURE_SIZE) -> torch.Tensor:
    """The scenes drawn: (count, 3, size, size) float32 from -1 to 1."""
    drawn = np.stack([draw(scene, size) for scene in scenes])
    return torch.from_numpy(drawn).permute(0, 3, 1, 2).float() / 127.5 - 1.0
