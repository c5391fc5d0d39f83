"""How a verification is told."""

from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.verification.output_fidelity import OutputFidelity
from coreml_stable_diffusion.domain.verification.report import ComponentFidelity


def test_one_of_many_controlnets_goes_by_its_package() -> None:
    output = OutputFidelity(output="x", psnr_db=40.0, cosine=1.0, largest_error=0.1)
    package = "ControlNet_me_edges-v1.1.mlpackage"

    control, unet = (
        ComponentFidelity(component=each, package=package, cases=1, outputs=(output,))
        for each in (Component.CONTROLNET, Component.UNET)
    )

    assert (control.label, unet.label) == ("ControlNet_me_edges-v1.1", "UNet")
