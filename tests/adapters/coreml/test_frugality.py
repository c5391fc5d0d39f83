"""What is left out of coremltools is there again afterwards."""

import pytest
from coreml_stable_diffusion.adapters.coreml.frugality import SHORTCUTS, frugal_coremltools
from coreml_stable_diffusion.adapters.coreml.patches import Patch, is_there


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda shortcut: shortcut.place)
def test_each_is_taken_for_one_conversion(shortcut: Patch) -> None:
    assert is_there(shortcut)
    owner, name = shortcut.owner()
    before = vars(owner)[name]

    with frugal_coremltools():
        assert vars(owner)[name] is not before

    assert vars(owner)[name] is before
