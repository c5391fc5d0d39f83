"""Which sizes a UNet draws, and what is said of all others."""

import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.pictures.picture_size import latent_size
from coreml_stable_diffusion.domain.tensor import (
    Flexibility,
    ListedShapes,
    SizeRanges,
    TensorSpec,
)

LISTED = ListedShapes(((2, 4, 64, 64), (2, 4, 64, 96), (2, 4, 96, 64), (2, 4, 96, 96)))
RANGED = SizeRanges(((2, 2), (4, 4), (32, 128), (16, None)))


def sample(flexibility: Flexibility | None = None) -> TensorSpec:
    return TensorSpec(name="sample", shape=(2, 4, 64, 64), dtype="float16", flexibility=flexibility)


@pytest.mark.parametrize("flexibility", [None, LISTED, RANGED])
def test_left_out_it_is_the_usual_size(flexibility: Flexibility | None) -> None:
    assert latent_size(sample(flexibility), 8) == (64, 64)


@pytest.mark.parametrize("flexibility", [LISTED, RANGED])
def test_a_size_that_the_unet_admits_is_taken(flexibility: Flexibility) -> None:
    assert latent_size(sample(flexibility), 8, height=768, width=512) == (96, 64)
    assert latent_size(sample(flexibility), 8, width=768) == (64, 96)
    assert latent_size(sample(flexibility), 8, height=768) == (96, 64)


def test_the_other_side_follows_where_the_usual_one_does_not_go_with_it() -> None:
    pair = ListedShapes(((2, 4, 64, 64), (2, 4, 48, 96)))

    assert latent_size(sample(pair), 8, height=384) == (48, 96)


@pytest.mark.parametrize(
    ("flexibility", "listed"),
    [
        (None, "512 x 512 only"),
        (LISTED, "512 x 512, 768 x 512, 512 x 768, 768 x 768"),
        (RANGED, "128 to any size x 256 to 1024, in steps of 8"),
    ],
)
@pytest.mark.parametrize(("height", "width"), [(2048, 64), (516, 512)])
def test_another_size_is_refused_and_those_that_there_are_listed(
    flexibility: Flexibility | None, listed: str, height: int, width: int
) -> None:
    with pytest.raises(
        InvalidRequest, match=f"^--height: no picture of {width} x {height}"
    ) as told:
        latent_size(sample(flexibility), 8, height=height, width=width)
    assert str(told.value).endswith(listed)


def test_a_width_alone_that_there_is_not_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"^--width: no picture of 640 x any pixels"):
        latent_size(sample(LISTED), 8, width=640)
