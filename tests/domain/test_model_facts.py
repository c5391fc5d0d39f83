"""Facts that nothing can be computed with are refused."""

import math
from typing import Any

import attrs
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from fakes.checkpoints import fake_checkpoint


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("vae_scaling_factor", math.nan),
        ("vae_scaling_factor", 0.0),
        ("vae_shift_factor", math.inf),
        ("guidance_scale", math.nan),
    ],
)
def test_what_is_no_number_to_compute_with_is_refused(fact: str, value: Any) -> None:
    with pytest.raises(InvalidRequest, match=f"^{fact.replace('_', ' ')}: "):
        attrs.evolve(fake_checkpoint().facts, **{fact: value})
