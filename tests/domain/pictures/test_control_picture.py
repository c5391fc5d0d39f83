"""Pictures, ControlNets and scales put together, and what does not go together."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.pictures.control_picture import (
    ControlPicture,
    chosen_controlnet,
    control_pictures,
)

PIXELS = np.zeros((4, 6, 3), dtype=np.uint8)


def test_each_picture_has_the_controlnet_and_the_scale_of_its_place() -> None:
    first, second = control_pictures([PIXELS, PIXELS + 1], ["edges", "depths"], [0.5, 2.0])

    assert (first.controlnet, first.scale) == ("edges", 0.5)
    assert (second.controlnet, second.scale, second.pixels.max()) == ("depths", 2.0, 1)


def test_one_scale_is_for_all_and_none_is_one() -> None:
    names = ["edges", "depths"]

    assert [each.scale for each in control_pictures([PIXELS] * 2, names, [0.5])] == [0.5, 0.5]
    assert [each.scale for each in control_pictures([PIXELS] * 2, names)] == [1.0, 1.0]


def test_a_single_picture_need_not_name_its_controlnet() -> None:
    (only,) = control_pictures([PIXELS])

    assert only.controlnet is None


@pytest.mark.parametrize(
    ("pictures", "names", "scales", "told"),
    [
        (2, ["edges"], [], "--control-image: 2 control images for 1 ControlNets"),
        (2, [], [], "--control-image: 2 control images for 0 ControlNets"),
        (1, ["edges", "depths"], [], "--control-image: 1 control images for 2 ControlNets"),
        (0, ["edges"], [], "--control-image: 0 control images for 1 ControlNets"),
        (2, ["a", "b"], [1.0, 2.0, 3.0], "--control-scale: 3 scales for 2 control images"),
        (1, ["a"], ["1"], "--control-scale: '1' is not a number"),
        (0, [], [1.0], "--control-scale: there is no control image that it is for"),
        (1, [], [float("nan")], "--control-scale: nan is not a number"),
    ],
)
def test_what_does_not_go_together_is_refused(
    pictures: int, names: list[str], scales: list[float], told: str
) -> None:
    with pytest.raises(InvalidRequest) as error:
        control_pictures([PIXELS] * pictures, names, scales)
    assert str(error.value) == told


def test_pixels_of_another_form_are_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"^--control-image: \(4, 6\) of uint8 is not"):
        ControlPicture(pixels=PIXELS[:, :, 0])


def test_a_controlnet_goes_by_its_whole_name_or_the_end_of_it() -> None:
    known = ["someone/edges", "someone/depths"]

    assert chosen_controlnet("someone/depths", known) == "someone/depths"
    assert chosen_controlnet("edges", known) == "someone/edges"
    assert chosen_controlnet(None, known[:1]) == "someone/edges"


@pytest.mark.parametrize(
    ("name", "known", "told"),
    [
        ("poses", ["a/edges"], "there is no poses; the model folder has: a/edges"),
        (None, ["a/edges", "b/edges"], "say which one reads the picture; .* a/edges, b/edges"),
        (None, [], "the model folder has no ControlNet; convert one with --controlnet"),
    ],
)
def test_controlnets_that_are_not_there_are_refused_with_those_that_are(
    name: str | None, known: list[str], told: str
) -> None:
    with pytest.raises(InvalidRequest, match=f"^--controlnet: {told}"):
        chosen_controlnet(name, known)
