"""A verification with something in every field."""

import math

from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.verification.divergence import Departure, Divergence
from coreml_stable_diffusion.domain.verification.output_fidelity import OutputFidelity
from coreml_stable_diffusion.domain.verification.report import ComponentFidelity, Verification


def verification(psnr_db: float = 61.5) -> Verification:
    output = OutputFidelity(
        output="image",
        psnr_db=psnr_db,
        cosine=0.999,
        largest_error=0.25,
        picture_psnr_db=math.inf,
    )
    return Verification(
        model="owner/model",
        threshold_db=35.0,
        prompt="a red circle",
        seed=1,
        steps=10,
        components=(
            ComponentFidelity(
                component=Component.VAE_DECODER,
                package="decoder.mlpackage",
                cases=1,
                outputs=(output,),
                divergence=Divergence("conv_1", -math.inf),
                departure=Departure("conv_0", 12.5, ("conv_0_weight",)),
            ),
        ),
        picture_psnr_db=40.5,
        swaps={Component.VAE_DECODER: 41.0},
        digests={"decoder.mlpackage": {"Manifest.json": "12ab"}},
    )
