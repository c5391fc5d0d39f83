"""What `import coreml_stable_diffusion` offers."""

import coreml_stable_diffusion as front_door
import pytest
from coreml_stable_diffusion.entrypoints import api, conversion, generation


@pytest.mark.parametrize(
    ("name", "home"),
    [("Generation", generation), ("StableDiffusion", api), ("convert", conversion)],
)
def test_the_front_door_leads_to_the_interface(name: str, home: object) -> None:
    assert getattr(front_door, name) is getattr(home, name)


def test_everything_that_is_announced_is_there() -> None:
    assert all(hasattr(front_door, name) for name in front_door.__all__)
    assert dir(front_door) == front_door.__all__


def test_what_is_not_there_is_missed_in_the_usual_way() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = front_door.Nothing
