"""What Apple's flags mean for a checkpoint, in our words."""

from argparse import Namespace
from collections.abc import Callable

from ....adapters.pytorch.config_file import unet_config
from ....domain.checkpoint import Checkpoint
from ....domain.component import Component
from ....domain.compression.palettization import Palettization
from ....domain.conversion.plan import AttentionImplementation, ConversionPlan
from ....domain.coreml.compute_unit import ComputeUnit
from ....domain.coreml.deployment_target import DeploymentTarget
from ....domain.errors import InvalidRequest
from ....domain.model_facts import ModelFacts


def conversion_plan(
    arguments: Namespace,
    components: tuple[Component, ...],
    checkpoint: Checkpoint,
    note: Callable[[str], None],
) -> ConversionPlan:
    """The plan for a checkpoint. Raises InvalidRequest for what contradicts it."""
    _require_xl_where_it_is_said(checkpoint.facts, said=arguments.xl_version)
    _require_text_width(checkpoint, arguments.text_encoder_hidden_size)
    bits = arguments.quantize_nbits
    return ConversionPlan(
        components=components,
        attention=AttentionImplementation(arguments.attention_implementation),
        deployment_target=_deployment_target(arguments.min_deployment_target, note),
        compute_unit=ComputeUnit(arguments.compute_unit),
        latent_height=arguments.latent_h,
        latent_width=arguments.latent_w,
        unet_batch_one=arguments.unet_batch_one,
        text_chunks=_text_chunks(arguments.text_token_sequence_length, checkpoint.facts),
        palettization=None if bits is None else Palettization(bits=bits),
    )


def _require_text_width(checkpoint: Checkpoint, width: int | None) -> None:
    """The weights of the UNet decide how wide the states are that it takes."""
    if width is None:
        return
    taken = unet_config(checkpoint).integer("cross_attention_dim")
    if width != taken:
        problem = f"the UNet takes {taken}; leave it out"
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
