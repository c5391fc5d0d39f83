"""How `coreml-sd convert` makes weights small."""

from typing import Annotated

import attrs
import typer

from ...domain.compression.palettization import BITS, Palettization
from ...domain.coreml.deployment_target import DeploymentTarget
from ...domain.errors import InvalidRequest


@attrs.frozen(kw_only=True)
class PaletteOptions:
    """The palettes, and which weights have them."""

    quantize_nbits: Annotated[
        int | None,
        typer.Option(
            "--quantize-nbits",
            metavar="N",
            help="Make every weight an index of so many bits into a palette, out of"
            f" {', '.join(map(str, BITS))} (3 from iOS 18 on); not the VAE's and safety checker's.",
        ),
    ] = None
    quantize_group_size: Annotated[
        int | None,
        typer.Option(
            "--quantize-group-size",
            metavar="N",
            help="A palette for every N output channels, not one for each tensor; from iOS 18 on.",
        ),
    ] = None
    quantize_vae: Annotated[
        bool, typer.Option("--quantize-vae", help="Make the VAE's weights small too.")
    ] = False
    quantize_embeddings: Annotated[
        bool, typer.Option("--quantize-embeddings", help="Make embedding tables small too.")
    ] = False

    def palettization(self, target: DeploymentTarget) -> Palettization | None:
        """What is asked for, on these systems. Raises InvalidRequest with the options' names."""
        if self.quantize_nbits is None:
            if (
                self.quantize_group_size is not None
                or self.quantize_embeddings
                or self.quantize_vae
            ):
                problem = "say how many bits a weight may have, such as 6"
                raise InvalidRequest("--quantize-nbits", problem)
            return None
        try:
            made = Palettization(
                bits=self.quantize_nbits,
                group_size=self.quantize_group_size,
                include_embeddings=self.quantize_embeddings,
            )
            made.require_target(target)
        except InvalidRequest as error:
            option = error.option.replace("--", "--quantize-", 1)
            raise InvalidRequest(option, error.problem) from error
        return made
