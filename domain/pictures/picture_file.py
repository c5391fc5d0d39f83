"""A picture out of a file."""

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray


@attrs.frozen(kw_only=True)
class PictureFile:
    """Its pixels, (height, width, 3) 8-bit red, green and blue, and what tells the file apart.

    `name` is the file's without its folder, `sha256` that of its bytes in hexadecimal digits, and
    `texts` are those of its metadata by keyword.
    """

    name: str
    sha256: str
    pixels: NDArray[np.uint8] = attrs.field(eq=attrs.cmp_using(np.array_equal), repr=False)
    texts: Mapping[str, str] = attrs.field(factory=dict, repr=False)
