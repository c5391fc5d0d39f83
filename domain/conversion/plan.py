"""The settings of a conversion: everything that decides what the packages will be."""

import enum
import itertools
from collections.abc import Iterator
from typing import Any

import attrs

from ..checkpoint import Checkpoint
from ..component import Component
from ..compression.palettization import Palettization
from ..coreml.compute_unit import ComputeUnit
from ..coreml.deployment_target import DeploymentTarget
from ..errors import InvalidRequest

#: Height and width, in latent pixels.
LatentSize = tuple[int, int]
_MOST_CHUNKS = 8


class AttentionImplementation(enum.Enum):
    """How attention is written down, under Apple's names.

    ORIGINAL suits GPUs. SPLIT_EINSUM goes head by head, channels first, as the Neural Engine wants
    it; SPLIT_EINSUM_V2 also in chunks of 512 places, which is faster on phones.
    """

    ORIGINAL = "ORIGINAL"
    SPLIT_EINSUM = "SPLIT_EINSUM"
    SPLIT_EINSUM_V2 = "SPLIT_EINSUM_V2"


class ComputePrecision(enum.Enum):
    """The element type that a package computes in."""

    FLOAT16 = "float16"
    FLOAT32 = "float32"


class UnetPrediction(enum.Enum):
    """What a UNet may have been trained to predict, under diffusers' names."""

    EPSILON = "epsilon"
    V_PREDICTION = "v_prediction"
    SAMPLE = "sample"


def _positive(
    _plan: "ConversionPlan", attribute: "attrs.Attribute[Any]", value: int | None
) -> None:
    if value is not None and value < 1:
        option = "--size" if attribute.name == "further_sizes" else _option(attribute.name)
        raise InvalidRequest(option, f"{value} is too small; give latent pixels, 1 or more")


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _all_positive(
    plan: "ConversionPlan",
    attribute: "attrs.Attribute[tuple[LatentSize, ...]]",
    values: tuple[LatentSize, ...],
) -> None:
    for value in itertools.chain(*values):
        _positive(plan, attribute, value)


def _few(_plan: "ConversionPlan", _attribute: "attrs.Attribute[int]", value: int) -> None:
    if value not in range(1, _MOST_CHUNKS + 1):
        raise InvalidRequest("--text-chunks", f"{value} is not a whole number from 1 to 8")


def _known(
    _plan: "ConversionPlan", _attribute: "attrs.Attribute[str | None]", value: str | None
) -> None:
    known = [each.value for each in UnetPrediction]
    if value is not None and value not in known:
        problem = f"{value!r} is none of {', '.join(known)}"
        raise InvalidRequest("--prediction-type", problem)


@attrs.frozen(kw_only=True)
class ConversionPlan:
    """What to convert and how; latent sizes of None mean the checkpoint's own.

    `components` of None means all that the checkpoint has. `further_sizes` are heights and widths
    of latents that the packages take beside their usual ones. The UNet attends to `text_chunks`
    texts of the text encoder's length; with `offer_clip_skip` that also gives the states before its
    last layer. `prediction_type` goes into `pipeline.json` in place of what the checkpoint says of
    itself. `vae_precision` of None means float32 where the model's configuration wants that,
    otherwise `precision`. `palettization` is for all networks but the safety checker and the VAE's,
    which have their own.

    Raises InvalidRequest where a latent size is below 1, for other than 1 to 8 chunks, for unknown
    prediction types, and where palettes are wanted of what computes in float32 or for systems that
    do not know them.
    """

    components: tuple[Component, ...] | None = None
    attention: AttentionImplementation = AttentionImplementation.ORIGINAL
    deployment_target: DeploymentTarget = DeploymentTarget.MACOS13
    compute_unit: ComputeUnit = ComputeUnit.ALL
    precision: ComputePrecision = ComputePrecision.FLOAT16
    vae_precision: ComputePrecision | None = None
    latent_height: int | None = attrs.field(default=None, validator=_positive)
    latent_width: int | None = attrs.field(default=None, validator=_positive)
    further_sizes: tuple[LatentSize, ...] = attrs.field(default=(), validator=_all_positive)
    unet_batch_one: bool = False
    text_chunks: int = attrs.field(default=1, validator=_few)
    offer_clip_skip: bool = False
    prediction_type: str | None = attrs.field(default=None, validator=_known)
    palettization: Palettization | None = None
    vae_palettization: Palettization | None = None

    def __attrs_post_init__(self) -> None:
        if self.further_sizes and self.attention is AttentionImplementation.SPLIT_EINSUM_V2:
            problem = "SPLIT_EINSUM_V2 cuts attention for one size; take SPLIT_EINSUM"
            raise InvalidRequest("--size", problem)
        for option, palettization, precision in (
            ("--precision", self.palettization, self.precision),
            ("--vae-precision", self.vae_palettization, self.vae_precision or self.precision),
        ):
            if palettization is not None:
                palettization.require_target(self.deployment_target)
                if precision is ComputePrecision.FLOAT32:
                    raise InvalidRequest(option, "palettes hold float16; give float16")

    def latent_size(self, checkpoint: Checkpoint) -> tuple[int, int]:
        """Height and width of the latents, in latent pixels."""
        return (
            self.latent_height or checkpoint.facts.latent_height,
            self.latent_width or checkpoint.facts.latent_width,
        )

    @property
    def sizes(self) -> tuple[LatentSize, ...]:
        """All heights and widths of latents, the usual first, once it is settled."""
        usual = (self.latent_height or 0, self.latent_width or 0)
        return (usual, *self.further_sizes)

    def for_each_further_size(self) -> Iterator["ConversionPlan"]:
        """The plans for packages of the further sizes alone."""
        for height, width in self.further_sizes:
            yield attrs.evolve(self, latent_height=height, latent_width=width, further_sizes=())

    def require_target_of(self, component: Component) -> None:
        """Raise InvalidRequest where only newer systems let the component take several sizes."""
        is_newer = self.deployment_target.is_of_2024
        if self.further_sizes and component in _SIZED_IN_SEVERAL_INPUTS and not is_newer:
            problem = (
                f"several inputs of the {component.label} change with the size, which is possible"
                " from macOS 15 and iOS 18 on; convert with --min-deployment-target macOS15"
            )
            raise InvalidRequest("--size", problem)

    def settled_for(self, component: Component, checkpoint: Checkpoint) -> "ConversionPlan":
        """The plan for one component: sizes filled in, what does not bear on it at its default.

        Whoever converts a component under two plans that settle alike gets the same package.
        """
        height, width = self.latent_size(checkpoint)
        sized = attrs.evolve(self, latent_height=height, latent_width=width)
        kept = {name: getattr(sized, name) for name in _BEARING[component]}
        if component in _VAE:
            kept |= dict.fromkeys(_VAE_PRECISION, self._precision_of_vae(checkpoint))
        return ConversionPlan(**kept)

    def _precision_of_vae(self, checkpoint: Checkpoint) -> ComputePrecision:
        if self.vae_precision is None and checkpoint.facts.vae_needs_float32:
            return ComputePrecision.FLOAT32
        return self.vae_precision or self.precision

    def palettization_of(self, component: Component) -> Palettization | None:
        """What becomes of the component's weights; None leaves them in float16."""
        kept = _BEARING[component]
        return next((getattr(self, name) for name in kept if "palettization" in name), None)

    def changes_since(self, made_with: "ConversionPlan") -> Iterator[str]:
        """Say each setting that makes another package than `made_with`, with both values."""
        for field in attrs.fields(ConversionPlan):
            before, now = getattr(made_with, field.name), getattr(self, field.name)
            if before != now and field.name not in _WITHOUT_TRACE:
                words = field.name.replace("_", " ")
                yield f"{words} was {_spoken(before)}, is {_spoken(now)}"


def _spoken(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"{height} x {width}" for height, width in value) or "none"
    return str(value.value if isinstance(value, enum.Enum) else value)


# Core ML takes the compute unit when it loads a package; the package itself does not hold it.
# That of the VAE becomes the precision of its networks' own plans.
_WITHOUT_TRACE = ("components", "compute_unit", "vae_precision")
_VAE_PRECISION = ("precision", "vae_precision")
_VAE = (Component.VAE_DECODER, Component.VAE_ENCODER)
_SIZED_IN_SEVERAL_INPUTS = (Component.CONTROL_UNET, Component.CONTROLNET)
_EVERYWHERE = ("deployment_target", "compute_unit", "precision")
_SIZED = (*_EVERYWHERE, "latent_height", "latent_width", "further_sizes")
_TEXTS = (*_EVERYWHERE, "palettization")
_PICTURES = (*_SIZED, "vae_palettization")
_DENOISING = (*_SIZED, "attention", "unet_batch_one", "text_chunks", "palettization")
_BEARING: dict[Component, tuple[str, ...]] = {
    Component.TEXT_ENCODER: (*_TEXTS, "offer_clip_skip"),
    Component.TEXT_ENCODER_2: _TEXTS,
    Component.UNET: _DENOISING,
    Component.CONTROL_UNET: _DENOISING,
    Component.REFINER: _DENOISING,
    Component.VAE_DECODER: _PICTURES,
    Component.VAE_ENCODER: _PICTURES,
    Component.SAFETY_CHECKER: _SIZED,
    Component.CONTROLNET: _DENOISING,
}
