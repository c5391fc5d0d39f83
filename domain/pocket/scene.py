"""The little world that the pocket model knows: one coloured shape on one coloured background."""

from collections.abc import Iterator

import attrs

#: Red, green and blue from 0 to 255 of every colour that a caption may name.
COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (215, 40, 40),
    "orange": (245, 140, 25),
    "yellow": (250, 222, 60),
    "green": (45, 160, 70),
    "blue": (40, 85, 215),
    "purple": (140, 55, 185),
    "white": (245, 245, 245),
    "black": (18, 18, 18),
}
SHAPES = ("circle", "square", "triangle", "star", "cross", "ring")

_SMALL_RADIUS, _LARGE_RADIUS = 0.27, 0.35


@attrs.frozen
class Combination:
    """What a caption binds together: a shape, its colour and the colour behind it."""

    colour: str
    shape: str
    background: str

    def caption(self) -> str:
        """Say it in the words that the pocket model was taught.

        >>> Combination("red", "circle", "blue").caption()
        'a red circle on a blue background'
        """
        return f"{_article(self.colour)} {self.shape} on {_article(self.background)} background"


@attrs.frozen(kw_only=True)
class Scene:
    """A combination with its place and size, all lengths as a part of the picture's edge."""

    combination: Combination
    radius: float
    centre_x: float = 0.5
    centre_y: float = 0.5

    def caption(self) -> str:
        """Say the combination, and its size where it is clearly small or large."""
        colour = self.combination.colour
        if _SMALL_RADIUS <= self.radius <= _LARGE_RADIUS:
            return self.combination.caption()
        size = "small" if self.radius < _SMALL_RADIUS else "large"
        return self.combination.caption().replace(_article(colour), f"a {size} {colour}", 1)


def combinations() -> tuple[Combination, ...]:
    """Every shape in every colour on every other colour, in a fixed order."""
    return tuple(
        Combination(colour, shape, background)
        for shape in SHAPES
        for colour in COLOURS
        for background in COLOURS
        if background != colour
    )


def held_out_combinations() -> tuple[Combination, ...]:
    """The combinations that are kept from training: one background for each coloured shape."""
    return tuple(_held_out())


def training_combinations() -> tuple[Combination, ...]:
    """All combinations but the held-out ones."""
    held_out = set(_held_out())
    return tuple(each for each in combinations() if each not in held_out)


def _held_out() -> Iterator[Combination]:
    pairs = [(colour, shape) for shape in SHAPES for colour in COLOURS]
    for index, (colour, shape) in enumerate(pairs):
        backgrounds = [each for each in COLOURS if each != colour]
        yield Combination(colour, shape, backgrounds[index % len(backgrounds)])


def _article(colour: str) -> str:
    return f"an {colour}" if colour[0] in "aeiou" else f"a {colour}"
