"""Outputs against their originals."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.fidelity import cosine_similarity, tensor_psnr_db
from coreml_stable_diffusion.domain.verification.output_fidelity import output_fidelity
from numpy.typing import NDArray

WANTED = np.array([[1.0, -2.0, 4.0]])
NEAR = np.array([[1.0, -2.0, 4.01]])
FAR = np.array([[1.5, -2.0, 4.0]])
LOST = np.array([[1.0, np.nan, 4.0]])


def test_an_output_is_told_at_its_worst() -> None:
    told = output_fidelity("sum", [(NEAR, WANTED), (FAR, WANTED)], is_picture=False)

    assert told.psnr_db == tensor_psnr_db(FAR, WANTED)
    assert told.cosine == cosine_similarity(FAR, WANTED)
    assert told.largest_error == 0.5
    assert told.picture_psnr_db is None


def test_pictures_are_compared_on_eight_bits_too() -> None:
    picture = -np.ones((1, 3, 2, 2))
    brighter = picture + 2 / 255

    told = output_fidelity("image", [(brighter, picture)], is_picture=True)

    assert told.picture_psnr_db == pytest.approx(20 * np.log10(255))


@pytest.mark.parametrize("pair", [(LOST, WANTED), (WANTED, LOST)], ids=["package", "original"])
def test_what_overflowed_is_infinitely_far_off(pair: tuple[NDArray[np.generic], ...]) -> None:
    given, wanted = pair

    told = output_fidelity("sum", [(given, wanted)], is_picture=False)

    assert (told.psnr_db, told.cosine, told.largest_error) == (-np.inf, 0.0, np.inf)
