"""The arguments and options of checking a conversion."""

from pathlib import Path
from typing import Annotated

import typer

from ...domain.errors import InvalidRequest
from ...domain.finite import require_finite

#: Known to the model that is built in, and to all others.
TRIAL_PROMPT = "a red circle on a blue background"
TRIAL_SEED = 1
TRIAL_STEPS = 10


def _finite_threshold(threshold: float) -> float:
    require_finite("--threshold", threshold)
    if threshold < 0:
        raise InvalidRequest("--threshold", f"{threshold:g} dB is less than 0, which all pass")
    return threshold


VerifiedFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help="A folder of packages.", show_default=False)
]
Against = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL", help="The checkpoint; what the packages were made from if left out."
    ),
]
Threshold = Annotated[
    float,
    typer.Option(
        metavar="DB",
        help="How near every output has to be, by Apple's formula.",
        callback=_finite_threshold,
    ),
]
Swap = Annotated[
    bool,
    typer.Option("--swap", help="Draw with each package alone among PyTorch's networks, too."),
]
TrialPrompt = Annotated[
    str, typer.Option("--prompt", metavar="TEXT", help="What the picture shows.")
]
TrialSeed = Annotated[int, typer.Option("--seed", metavar="N", help="Start of the random numbers.")]
TrialSteps = Annotated[int, typer.Option("--steps", metavar="N", help="Denoising steps.")]
