"""Sizes in pixels become sizes of latents, or are refused in one line."""

import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.entrypoints.cli.sizes import chosen_sizes


def test_the_first_size_is_the_usual_one() -> None:
    sizes = ["512x768", "512X512", "512x768"]

    assert chosen_sizes(sizes, None, None) == (96, 64, ((64, 64),))


def test_without_sizes_latent_height_and_width_stay() -> None:
    assert chosen_sizes(None, 96, None) == (96, None, ())


@pytest.mark.parametrize(
    ("word", "complaint"),
    [
        ("500x512", "500x512 is not made of multiples of 8"),
        ("0x512", "0x512 is not made of multiples of 8"),
        ("512", "'512' is no size; give WIDTHxHEIGHT"),
        ("-8x8", "'-8x8' is no size"),
    ],
)
def test_impossible_sizes_are_refused(word: str, complaint: str) -> None:
    with pytest.raises(InvalidRequest, match=complaint):
        chosen_sizes([word], None, None)


def test_two_ways_to_say_a_size_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="it says what --latent-height"):
        chosen_sizes(["512x512"], 64, None)
