"""How `coreml-sd convert` converts."""

from typing import Annotated

import attrs
import typer

from ...domain.component import Component
from ...domain.compression.palettization import Palettization
from ...domain.conversion.plan import AttentionImplementation, ComputePrecision, ConversionPlan
from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.coreml.deployment_target import DeploymentTarget
from ..choices import chosen
from . import options
from .sizes import chosen_sizes

_COMPONENTS = ", ".join(component.value for component in Component)


@attrs.frozen(kw_only=True)
class PlanOptions:
    """Which networks, in what form."""

    components: Annotated[
        str | None,
        typer.Option(
            metavar="A,B",
            help=f"Networks to convert, out of {_COMPONENTS}; all there are where left out.",
        ),
    ] = None
    attention_implementation: Annotated[
        AttentionImplementation,
        typer.Option(
            help="How the UNet's attention is written: ORIGINAL for GPUs, SPLIT_EINSUM for the"
            " Neural Engine, SPLIT_EINSUM_V2 for that of phones.",
        ),
    ] = AttentionImplementation.ORIGINAL
    latent_height: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Height of the pictures in latent pixels, of 8 pixels each."
        ),
    ] = None
    latent_width: Annotated[
        int | None,
        typer.Option(metavar="N", help="Width of the pictures in latent pixels, of 8 pixels each."),
    ] = None
    size: Annotated[
        list[str] | None,
        typer.Option(
            "--size",
            metavar="WIDTHxHEIGHT",
            help="Size of the pictures in pixels; several times for packages that take several"
            " sizes, the first being the usual one.",
        ),
    ] = None
    min_deployment_target: Annotated[
        DeploymentTarget, typer.Option(help="Oldest system that has to load the packages.")
    ] = DeploymentTarget.MACOS13
    compute_unit: options.ComputeUnits = ComputeUnit.ALL
    precision: Annotated[ComputePrecision, typer.Option(help="What the packages compute in.")] = (
        ComputePrecision.FLOAT16
    )
    vae_precision: Annotated[
        ComputePrecision | None,
        typer.Option(
            help="What the VAE computes in: float32 where its configuration says that float16 is"
            " not enough, as with most of Stable Diffusion XL, if left out; otherwise --precision.",
            show_default=False,
        ),
    ] = None
    prediction_type: options.Prediction = None
    unet_batch_one: Annotated[
        bool, typer.Option("--unet-batch-one", help="Give the UNet a batch of 1 instead of 2.")
    ] = False
    text_chunks: Annotated[
        int,
        typer.Option(metavar="N", help="Give the UNet room for prompts of N times 75 tokens."),
    ] = 1
    offer_clip_skip: Annotated[
        bool,
        typer.Option(
            "--offer-clip-skip", help="Let the text encoder also give the states for --clip-skip 1."
        ),
    ] = False

    def plan(self, palettization: Palettization | None, *, quantize_vae: bool) -> ConversionPlan:
        """The plan of them. Raises InvalidRequest."""
        height, width, further_sizes = chosen_sizes(
            self.size, self.latent_height, self.latent_width
        )
        prediction = self.prediction_type
        return ConversionPlan(
            components=None if self.components is None else _components(self.components),
            attention=self.attention_implementation,
            deployment_target=self.min_deployment_target,
            compute_unit=self.compute_unit,
            precision=self.precision,
            vae_precision=self.vae_precision,
            latent_height=height,
            latent_width=width,
            further_sizes=further_sizes,
            prediction_type=None if prediction is None else prediction.value,
            unet_batch_one=self.unet_batch_one,
            text_chunks=self.text_chunks,
            offer_clip_skip=self.offer_clip_skip,
            palettization=palettization,
            vae_palettization=palettization if quantize_vae else None,
        )


def _components(names: str) -> tuple[Component, ...]:
    spellings = {each.value.replace("-", "_"): each.value for each in Component}
    words = [name.strip() for name in names.split(",")]
    known = [spellings.get(word.replace("-", "_"), word) for word in words]
    return tuple(chosen(Component, "--components", word) for word in known)
