"""How a network that takes or gives pictures lays out their pixels."""

import enum


class PixelLayout(enum.Enum):
    """What a network makes of a picture, under Core ML's names of colour spaces.

    Arrays at the network's edge are always (height, width, 3) with red, green and blue, or
    (height, width) for grey; only inside do layouts differ.
    """

    RGB = "RGB"
    BGR = "BGR"
    GRAYSCALE = "GRAYSCALE"
    GRAYSCALE_FLOAT16 = "GRAYSCALE_FLOAT16"

    @property
    def has_colours(self) -> bool:
        """Whether pixels have three values, not one."""
        return self in (PixelLayout.RGB, PixelLayout.BGR)

    @property
    def dtype(self) -> str:
        """The type of the array's elements, whole numbers from 0 to 255 but for float16."""
        return "float16" if self is PixelLayout.GRAYSCALE_FLOAT16 else "uint8"

    def shape(self, height: int, width: int) -> tuple[int, ...]:
        """The shape of the array of a picture, sizes in pixels.

        >>> PixelLayout.BGR.shape(4, 6)
        (4, 6, 3)
        """
        return (height, width, 3) if self.has_colours else (height, width)
