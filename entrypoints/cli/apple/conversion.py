"""What Apple's flags mean for a checkpoint, in our words."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from ....domain.component import Component
from ....domain.compression.palettization import Palettization
from ....domain.conversion.plan import AttentionImplementation, ConversionPlan
from ....domain.coreml.compute_unit import ComputeUnit
from ....domain.coreml.deployment_target import DeploymentTarget
from ....domain.errors import InvalidRequest
from ....domain.model_facts import ModelFacts
from ....domain.pipeline_manifest import PipelineManifest
from ....domain.ports.packages import PackageReader


def conversion_plan(
    arguments: Namespace,
    components: tuple[Component, ...],
    facts: ModelFacts,
    note: Callable[[str], None],
) -> ConversionPlan:
    """The plan for a checkpoint with these facts. Raises InvalidRequest for what contradicts it."""
    _require_xl_where_it_is_said(facts, said=arguments.xl_version)
    bits = arguments.quantize_nbits
    return ConversionPlan(
        components=components,
        attention=AttentionImplementation(arguments.attention_implementation),
        deployment_target=_deployment_target(arguments.min_deployment_target, note),
        compute_unit=ComputeUnit(arguments.compute_unit),
        latent_height=arguments.latent_h,
        latent_width=arguments.latent_w,
        unet_batch_one=arguments.unet_batch_one,
        text_chunks=_text_chunks(arguments.text_token_sequence_length, facts),
        palettization=None if bits is None else Palettization(bits=bits),
    )


def require_text_width(
    width: int, made: PipelineManifest, folder: Path, reader: PackageReader
) -> None:
    """Raise InvalidRequest where a UNet takes states of another width; its weights decide that."""
    for record in made.packages:
        if record.component in (Component.UNET, Component.CONTROL_UNET):
            inputs = reader.read(folder / record.file).description.inputs
            for each in inputs:
                if each.name == "encoder_hidden_states" and each.shape[1] != width:
                    problem = f"the {record.component.label} takes {each.shape[1]}; leave it out"
                    raise InvalidRequest("--text-encoder-hidden-size", problem)


def _require_xl_where_it_is_said(facts: ModelFacts, *, said: bool) -> None:
    if said and not facts.family.is_xl:
        problem = f"{facts.model} is {facts.family.value}; leave the flag out"
        raise InvalidRequest("--xl-version", problem)


def _deployment_target(name: str, note: Callable[[str], None]) -> DeploymentTarget:
    """As in Apple's tool, a name that nobody knows means the oldest system."""
    if name in [each.value for each in DeploymentTarget]:
        return DeploymentTarget(name)
    note(f"--min-deployment-target: {name} is not known, so it is macOS13")
    return DeploymentTarget.MACOS13


def _text_chunks(length: int | None, facts: ModelFacts) -> int:
    """How many texts of the text encoder's length make the one that the UNet takes."""
    if length is None:
        return 1
    if length < 1 or length % facts.text_length:
        problem = f"{length} is no multiple of the text encoder's {facts.text_length} tokens"
        raise InvalidRequest("--text-token-sequence-length", problem)
    return length // facts.text_length
