"""How near one output of a network is to the original's, over several inputs."""

from collections.abc import Iterable

import attrs
import numpy as np
from numpy.typing import NDArray

from ..fidelity import cosine_similarity, psnr_db, tensor_psnr_db
from ..pictures.pixels import to_bytes

#: An output as the package gave it, and as the original did.
Pair = tuple[NDArray[np.generic], NDArray[np.generic]]


@attrs.frozen(kw_only=True)
class OutputFidelity:
    """The worst of an output over all inputs tried.

    `psnr_db` is by Apple's formula, `picture_psnr_db` on 8 bits where the output is a picture.
    Where either gave what is no finite number, decibels are minus infinity.
    """

    output: str
    psnr_db: float
    cosine: float
    largest_error: float
    picture_psnr_db: float | None = None


def output_fidelity(output: str, pairs: Iterable[Pair], *, is_picture: bool) -> OutputFidelity:
    """Compare what a package gave with what its original gave.

    A picture is (1, 3, height, width), from -1 to 1.

    >>> same = np.ones((1, 4))
    >>> output_fidelity("sum", [(same, same)], is_picture=False).cosine
    1.0
    """
    each = [_compared(output, given, wanted, is_picture=is_picture) for given, wanted in pairs]
    pictures = [one.picture_psnr_db for one in each if one.picture_psnr_db is not None]
    return OutputFidelity(
        output=output,
        psnr_db=min(one.psnr_db for one in each),
        cosine=min(one.cosine for one in each),
        largest_error=max(one.largest_error for one in each),
        picture_psnr_db=min(pictures, default=None),
    )


def _compared(
    output: str, given: NDArray[np.generic], wanted: NDArray[np.generic], *, is_picture: bool
) -> OutputFidelity:
    package, original = given.astype(np.float64), wanted.astype(np.float64)
    if not (np.isfinite(package).all() and np.isfinite(original).all()):
        lost = -np.inf if is_picture else None
        return OutputFidelity(
            output=output, psnr_db=-np.inf, cosine=0.0, largest_error=np.inf, picture_psnr_db=lost
        )
    return OutputFidelity(
        output=output,
        psnr_db=tensor_psnr_db(package, original),
        # Two outputs of zeros have no angle, and are the same all the same.
        cosine=1.0 if (package == original).all() else cosine_similarity(package, original),
        largest_error=float(np.abs(package - original).max()),
        picture_psnr_db=psnr_db(to_bytes(package), to_bytes(original)) if is_picture else None,
    )
