"""What `pipeline.json` alone tells that a model cannot draw, before any network is there."""

import attrs

from .component import Component
from .errors import InvalidRequest
from .pictures.control_picture import chosen_controlnet
from .pictures.picture_size import latent_size
from .pipeline_manifest import PackageRecord, PipelineManifest
from .pipelines.text_encoding import clip_skip_is_not_offered, clip_skip_is_usual
from .request import GenerationRequest
from .schedulers.catalogue import scheduler_from_config
from .size_conditions import SizeConditions
from .tensor import ListedShapes, TensorSpec
from .unet_kind import UnetKind


def require_drawable(manifest: PipelineManifest, request: GenerationRequest) -> None:
    """Raise InvalidRequest for what the model is not made for.

    Sizes and skipped layers are left to the networks where others made the packages.
    """
    kind = UnetKind.of(manifest.facts)
    kind.require(request.source)
    if request.image_guidance_scale is not None and kind is not UnetKind.INSTRUCTED:
        problem = "this model is not one that changes pictures by instructions; leave it out"
        raise InvalidRequest("--image-guidance-scale", problem)
    scheduler_from_config(manifest.facts.scheduler, request.run, request.scheduler)
    names = [each.model for each in manifest.packages if each.component is Component.CONTROLNET]
    for picture in request.controls:
        chosen_controlnet(picture.controlnet, [name for name in names if name is not None])
    _require_refiner(manifest, request)
    _require_heeded(manifest, request.sizes)
    unet = manifest.record(Component.CONTROL_UNET if request.controls else Component.UNET)
    if manifest.is_own and unet is not None:
        _require_size(manifest, unet, request)
    if manifest.is_own and request.clip_skip and request.texts is None:
        _require_clip_skip(manifest)


def _require_refiner(manifest: PipelineManifest, request: GenerationRequest) -> None:
    has_one = manifest.record(Component.REFINER) is not None
    if not has_one and request.refiner_start not in (None, 1):
        problem = "the model folder has no refiner; convert one with --refiner"
        raise InvalidRequest("--refiner-start", problem)
    if has_one and request.refiner_start != 1 and request.texts is not None:
        problem = "the refiner reads the prompt itself; set it to 1 where texts are encoded"
        raise InvalidRequest("--refiner-start", problem)


def _require_heeded(manifest: PipelineManifest, sizes: SizeConditions) -> None:
    """Refuse what nobody would be told: sizes are for Stable Diffusion XL, scores for refiners."""
    facts, usual = manifest.facts, SizeConditions()
    scored = facts.requires_aesthetics_score or manifest.record(Component.REFINER) is not None
    for field in attrs.fields(SizeConditions):
        if getattr(sizes, field.name) == getattr(usual, field.name):
            continue
        option = f"--{field.name.replace('crops_coords', 'crop').replace('_', '-')}"
        if not facts.family.is_xl:
            problem = "only Stable Diffusion XL is told sizes and scores; leave it out"
            raise InvalidRequest(option, problem)
        if field.name.endswith("_score") and not scored:
            problem = "the model folder has no refiner; convert one with --refiner"
            raise InvalidRequest(option, problem)


def _require_size(
    manifest: PipelineManifest, unet: PackageRecord, request: GenerationRequest
) -> None:
    plan = unet.plan
    if plan.latent_height is None or plan.latent_width is None:
        return
    shapes = tuple((1, manifest.facts.latent_channels, *size) for size in plan.sizes)
    listed = ListedShapes(shapes) if plan.further_sizes else None
    sample = TensorSpec(name="sample", shape=shapes[0], dtype="float16", flexibility=listed)
    factor = manifest.facts.vae_scale_factor
    latent_size(sample, factor, height=request.height, width=request.width)


def _require_clip_skip(manifest: PipelineManifest) -> None:
    if manifest.facts.family.is_xl:
        raise clip_skip_is_usual()
    encoder = manifest.record(Component.TEXT_ENCODER)
    if encoder is not None and not encoder.plan.offer_clip_skip:
        raise clip_skip_is_not_offered()
