"""How a verification is told."""

import attrs
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.verification.output_fidelity import OutputFidelity
from coreml_stable_diffusion.domain.verification.report import ComponentFidelity
from samples.verifications import verification


def test_one_of_many_controlnets_goes_by_its_package() -> None:
    output = OutputFidelity(output="x", psnr_db=40.0, cosine=1.0, largest_error=0.1)
    package = "ControlNet_me_edges-v1.1.mlpackage"

    control, unet = (
        ComponentFidelity(component=each, package=package, cases=1, outputs=(output,))
        for each in (Component.CONTROLNET, Component.UNET)
    )

    assert (control.label, unet.label) == ("ControlNet_me_edges-v1.1", "UNet")


@pytest.mark.parametrize("threshold_db", [-1.0, float("nan")])
def test_a_threshold_that_everything_passes_is_none(threshold_db: float) -> None:
    with pytest.raises(ValueError, match="threshold_db"):
        attrs.evolve(verification(), threshold_db=threshold_db)
