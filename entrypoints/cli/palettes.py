"""The options of a conversion that make its weights small."""

from typing import Annotated

import typer

from ...domain.compression.palettization import BITS, Palettization
from ...domain.coreml.deployment_target import DeploymentTarget
from ...domain.errors import InvalidRequest

Bits = Annotated[
    int | None,
    typer.Option(
        "--quantize-nbits",
        metavar="N",
        help="Make every weight an index of so many bits into a palette, out of"
        f" {', '.join(map(str, BITS))} (3 from iOS 18 on); not the VAE's and safety checker's.",
    ),
]
GroupSize = Annotated[
    int | None,
    typer.Option(
        "--quantize-group-size",
        metavar="N",
        help="A palette for every N output channels, not one for each tensor; from iOS 18 on.",
    ),
]
Vae = Annotated[bool, typer.Option("--quantize-vae", help="Make the VAE's weights small too.")]
Embeddings = Annotated[
    bool, typer.Option("--quantize-embeddings", help="Make embedding tables small too.")
]


def palettization(
    bits: int | None,
    group_size: int | None,
    target: DeploymentTarget,
    *,
    embeddings: bool,
    vae: bool,
) -> Palettization | None:
    """What the options ask for, on these systems. Raises InvalidRequest with their names."""
    if bits is None:
        if group_size is not None or embeddings or vae:
            raise InvalidRequest(
                "--quantize-nbits", "say how many bits a weight may have, such as 6"
            )
        return None
    try:
        made = Palettization(bits=bits, group_size=group_size, include_embeddings=embeddings)
        made.require_target(target)
    except InvalidRequest as error:
        option = error.option.replace("--", "--quantize-", 1)
        raise InvalidRequest(option, error.problem) from error
    return made
