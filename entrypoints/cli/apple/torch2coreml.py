"""`coreml-sd torch2coreml`: what Apple's tool converts with these flags."""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ....domain.component import Component
from ....domain.errors import InvalidRequest
from ...settings import Settings
from .torch2coreml_flags import CLIP_FILES, parser

if TYPE_CHECKING:
    from ....domain.checkpoint import Checkpoint
    from ...container import Container

_SD3 = "Stable Diffusion 3 cannot be converted yet"
_REFUSED = {
    "convert_mmdit": _SD3,
    "sd3_version": _SD3,
    "include_t5": _SD3,
}
_ADDRESSES = {
    "text_encoder_vocabulary_url": f"{CLIP_FILES}/vocab.json",
    "text_encoder_merges_url": f"{CLIP_FILES}/merges.txt",
}
_CONVERTED = {
    "convert_text_encoder": (Component.TEXT_ENCODER, Component.TEXT_ENCODER_2),
    "convert_vae_decoder": (Component.VAE_DECODER,),
    "convert_vae_encoder": (Component.VAE_ENCODER,),
    "convert_safety_checker": (Component.SAFETY_CHECKER,),
}


def torch2coreml(context: typer.Context) -> None:
    """Convert a checkpoint with the flags of Apple's torch2coreml, and print the folders.

    Packages that are there and would become the same are kept, all others are made anew.
    """
    arguments = parser().parse_args(context.args)
    _refuse_what_cannot_be_done(arguments)
    from ...container import Container  # noqa: PLC0415 - help is answered without adapters

    settings = Settings.from_environment()
    container, output = Container(settings=settings), Path(arguments.o)
    _convert(container, arguments, output)
    typer.echo(output)
    if arguments.chunk_unet:
        container.chunk_unets()(output, check=arguments.check_output_correctness)
    if arguments.bundle_resources_for_swift_cli:
        typer.echo(container.bundle()(output))
    if arguments.check_output_correctness:
        from ..checking import check  # noqa: PLC0415 - see above

        check(settings, output, against=arguments.model_version)


def _refuse_what_cannot_be_done(arguments: Namespace) -> None:
    given = vars(arguments)
    for name, reason in _REFUSED.items():
        if given[name]:
            raise InvalidRequest(_flag(name), reason)
    for name, usual in _ADDRESSES.items():
        if given[name] != usual:
            problem = "the tokenizer's files come from the checkpoint; leave the address out"
            raise InvalidRequest(_flag(name), problem)


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _convert(container: "Container", arguments: Namespace, output: Path) -> None:
    from ....domain.additions import Additions  # noqa: PLC0415 - imports NumPy
    from .conversion import conversion_plan  # noqa: PLC0415 - see above

    checkpoint = container.checkpoints().part_sources().open(arguments.model_version)
    components = _components(arguments, checkpoint, container)
    additions = Additions(
        controlnets=tuple(arguments.convert_controlnet or ()),
        refiner=arguments.refiner_version if arguments.convert_unet else None,
        vae=arguments.custom_vae_version,
    )
    if components or additions != Additions():
        plan = conversion_plan(arguments, components, checkpoint, container.observer().note)
        container.convert()(arguments.model_version, output, plan, additions=additions)


def _components(
    arguments: Namespace, checkpoint: "Checkpoint", container: "Container"
) -> tuple[Component, ...]:
    """What the flags ask for and the checkpoint has; Apple's tool skips the rest, too."""
    asked = [each for name, held in _CONVERTED.items() if getattr(arguments, name) for each in held]
    if arguments.convert_unet:
        with_control = arguments.unet_support_controlnet
        asked.append(Component.CONTROL_UNET if with_control else Component.UNET)
    missing = [each for each in asked if each not in checkpoint.components]
    if Component.SAFETY_CHECKER in missing:
        container.observer().note(f"{checkpoint.model} has no safety checker, so none is converted")
    return tuple(each for each in asked if each not in missing)
