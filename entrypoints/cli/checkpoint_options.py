"""What `coreml-sd convert` converts."""

from pathlib import Path
from typing import Annotated

import attrs
import typer

from ...domain.additions import Additions
from . import options
from .weight_files import given_embeddings, given_loras


@attrs.frozen(kw_only=True)
class CheckpointOptions:
    """The model, or what tells it."""

    model: Annotated[
        str | None,
        typer.Argument(
            metavar="MODEL",
            help="A checkpoint: a diffusers folder, a .safetensors file, an id on the Hub, or"
            " pocket; with --recipe where it is now.",
            show_default=False,
        ),
    ] = None
    recipe: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The pipeline.json of packages that are to be made again, byte by byte.",
        ),
    ] = None
    revision: options.Revision = None
    allow_pickle: options.AllowPickle = False


@attrs.frozen(kw_only=True)
class AdditionOptions:
    """What goes with the model, or into its weights."""

    controlnet: Annotated[
        list[str] | None,
        typer.Option(
            "--controlnet",
            metavar="MODEL",
            help="A ControlNet to convert too, a folder or an id on the Hub; as often as there are"
            " some.",
        ),
    ] = None
    refiner: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL", help="A refiner of Stable Diffusion XL whose UNet is converted too."
        ),
    ] = None
    custom_vae: Annotated[
        str | None,
        typer.Option(
            "--custom-vae",
            metavar="MODEL",
            help="A VAE in place of the model's own, a folder or an id on the Hub.",
        ),
    ] = None
    lora: options.Loras = None
    embedding: options.Embeddings = None

    @property
    def additions(self) -> Additions:
        """The same as one value. Raises InvalidRequest."""
        return Additions(
            controlnets=tuple(self.controlnet or ()),
            refiner=self.refiner,
            vae=self.custom_vae,
            loras=given_loras(self.lora),
            embeddings=given_embeddings(self.embedding),
        )
