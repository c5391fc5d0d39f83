"""What is done to weights is finite."""

import math
from pathlib import Path

import pytest
from coreml_stable_diffusion.domain.changes import Lora
from coreml_stable_diffusion.domain.errors import InvalidRequest


@pytest.mark.parametrize("scale", [math.nan, math.inf, -math.inf])
def test_a_scale_that_is_not_finite_is_refused(scale: float) -> None:
    with pytest.raises(InvalidRequest, match=r"^--lora: -?(nan|inf) is not a finite"):
        Lora(Path("style.safetensors"), scale)
