"""How the pictures of `coreml-sd generate` come out of noise."""

from typing import Annotated

import attrs
import typer

from ...domain.randomness.kind import RandomKind


@attrs.frozen(kw_only=True)
class SamplingOptions:
    """How a picture comes out of noise."""

    height: Annotated[
        int | None,
        typer.Option(metavar="N", help="Height in pixels, out of the sizes of the packages."),
    ] = None
    width: Annotated[
        int | None,
        typer.Option(metavar="N", help="Width in pixels, out of the sizes of the packages."),
    ] = None
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", help="Start of the random numbers; chosen and told if left out."),
    ] = None
    steps: Annotated[
        int, typer.Option("--steps", "--num-inference-steps", metavar="N", help="Denoising steps.")
    ] = 25
    guidance_scale: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="How strongly the prompt counts; guides if over 1. The model's own where left"
            " out.",
        ),
    ] = None
    guidance_rescale: Annotated[
        float,
        typer.Option(
            metavar="X",
            help="How much of the contrast that guidance adds is taken back, from 0 to 1.",
        ),
    ] = 0.0
    images: Annotated[
        int, typer.Option(metavar="N", help="Pictures to draw, with the seed and those after it.")
    ] = 1
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="As diffusers or AUTOMATIC1111 call it: DDIM, LCM, TCD, PLMS, Heun, LMS, UniPC,"
            " Euler, Euler a, DPM++ 2M, DPM++ 2M SDE and so on, some with Karras, Exponential or"
            " Beta after it; the model's own if left out.",
        ),
    ] = None
    rng: Annotated[
        RandomKind,
        typer.Option(
            help="Whose random numbers the seed starts: NumPy's, or PyTorch's on CPU or GPU."
        ),
    ] = RandomKind.NUMPY
    timesteps: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,...", help="Own timesteps, falling, instead of a number of steps."
        ),
    ] = None
    sigmas: Annotated[
        str | None,
        typer.Option(metavar="A,B,...", help="Own noise levels, falling to where the run ends."),
    ] = None
    eta: Annotated[
        float | None,
        typer.Option(metavar="X", help="How much noise steps of DDIM and TCD add, from 0 to 1."),
    ] = None
