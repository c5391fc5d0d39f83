"""The pipeline manifest as the JSON document of `pipeline.json`."""

import enum
from collections.abc import Mapping
from typing import Any

import attrs

from ...domain.component import Component
from ...domain.compression.palettization import Palettization
from ...domain.conversion.plan import (
    AttentionImplementation,
    ComputePrecision,
    ConversionPlan,
)
from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.coreml.deployment_target import DeploymentTarget
from ...domain.model_facts import Change, ModelFacts, ModelFamily
from ...domain.pictures.clip_image import ClipImagePreprocessing
from ...domain.pipeline_manifest import PackageRecord, PipelineManifest

#: The version of the document's form that this program writes, and the only one that it reads.
VERSION = 2

_PLAN_CHOICES: dict[str, type[enum.Enum]] = {
    "attention": AttentionImplementation,
    "deployment_target": DeploymentTarget,
    "compute_unit": ComputeUnit,
    "precision": ComputePrecision,
}


def to_document(manifest: PipelineManifest) -> dict[str, Any]:
    """The manifest as nested dictionaries, lists, texts and numbers, in a fixed order."""
    plain = attrs.asdict(manifest, value_serializer=_plain)
    return {"version": VERSION, **plain["facts"], "packages": plain["packages"]}


def _plain(_owner: object, _field: object, value: Any) -> Any:
    return value.value if isinstance(value, enum.Enum) else value


def from_document(document: Mapping[str, Any]) -> PipelineManifest:
    """The manifest of a document.

    Raises ValueError, KeyError or TypeError where something is missing, unknown or of another type.
    """
    values = dict(document)
    if (version := values.pop("version", None)) != VERSION:
        raise ValueError(f"its version is {version!r} where this program reads {VERSION}")
    packages = tuple(_record(each) for each in values.pop("packages"))
    return PipelineManifest(facts=_facts(values), packages=packages)


def _facts(values: Mapping[str, Any]) -> ModelFacts:
    _check_scalars(values)
    preprocessing = values["safety_preprocessing"]
    read = {
        "family": ModelFamily(values["family"]),
        "safety_preprocessing": preprocessing and ClipImagePreprocessing(**preprocessing),
        "changes": tuple(Change(**each) for each in values["changes"]),
    }
    return ModelFacts(**{**values, **read})


def _check_scalars(values: Mapping[str, Any]) -> None:
    for field in attrs.fields(ModelFacts):
        accepted = (int, float) if field.type is float else field.type
        if accepted in (str, int, (int, float)) and not isinstance(values[field.name], accepted):
            raise TypeError(f"{field.name} is {values[field.name]!r}")


def _record(values: Mapping[str, Any]) -> PackageRecord:
    known = {"component": Component(values["component"]), "plan": _plan(values["plan"])}
    return PackageRecord(**{**values, **known})


def _plan(values: Mapping[str, Any]) -> ConversionPlan:
    chosen = {name: choices(values[name]) for name, choices in _PLAN_CHOICES.items()}
    palettes = {
        name: values[name] and Palettization(**values[name])
        for name in ("palettization", "vae_palettization")
        if name in values
    }
    sizes = tuple((height, width) for height, width in values.get("further_sizes", ()))
    if vae_precision := values.get("vae_precision"):
        chosen["vae_precision"] = ComputePrecision(vae_precision)
    components = values["components"] and tuple(Component(each) for each in values["components"])
    return ConversionPlan(
        **{**values, **chosen, **palettes, "components": components, "further_sizes": sizes}
    )
