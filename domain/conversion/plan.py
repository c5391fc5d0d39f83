"""The settings of a conversion: everything that decides what the packages will be."""

import enum

import attrs

from ..component import Component
from ..coreml.compute_unit import ComputeUnit
from ..coreml.deployment_target import DeploymentTarget


class AttentionImplementation(enum.Enum):
    """How attention is written down, under Apple's names."""

    ORIGINAL = "ORIGINAL"


class ComputePrecision(enum.Enum):
    """The element type that a package computes in."""

    FLOAT16 = "float16"
    FLOAT32 = "float32"


@attrs.frozen(kw_only=True)
class ConversionPlan:
    """What to convert and how; latent sizes of None mean the checkpoint's own.

    `components` of None means all that the checkpoint has.
    """

    components: tuple[Component, ...] | None = None
    attention: AttentionImplementation = AttentionImplementation.ORIGINAL
    deployment_target: DeploymentTarget = DeploymentTarget.MACOS13
    compute_unit: ComputeUnit = ComputeUnit.ALL
    precision: ComputePrecision = ComputePrecision.FLOAT16
    latent_height: int | None = None
    latent_width: int | None = None
    unet_batch_one: bool = False
