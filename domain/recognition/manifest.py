"""The manifest that Apple's tool did not write."""

from collections.abc import Iterable, Mapping

import attrs

from ..component import Component, Place
from ..conversion.plan import AttentionImplementation, ConversionPlan
from ..mil.attention_variant import attention_variant
from ..mil.program import ModelDescription, Program
from ..pipeline_manifest import PackageRecord, PipelineManifest
from .facts import recognised_facts
from .names import NamedNetwork


def recognised_manifest(
    title: str, networks: Iterable[NamedNetwork], programs: Mapping[str, tuple[Program, ...]]
) -> PipelineManifest:
    """Put together what the names and the programs tell; of chunks there are two programs.

    `programs` are those by the file of the whole; ControlNets need none. Raises ValueError with
    what keeps the folder from being that of one model.
    """
    found = list(networks)
    _require_each_once(found)
    named = (each.model for each in found if each.component is not Component.CONTROLNET)
    models = sorted({each for each in named if each is not None})
    if len(models) > 1:
        raise ValueError(f"it has packages of {' and '.join(models)}")
    edges = {
        each.component: _edge([one.description for one in programs[each.file]])
        for each in found
        if each.file in programs
    }
    facts = recognised_facts(models[0] if models else title, edges)
    records = [_record(each, programs.get(each.file, ())) for each in found]
    order = list(Component)
    return PipelineManifest(
        facts=facts, packages=tuple(sorted(records, key=lambda each: order.index(each.component)))
    )


def _require_each_once(networks: Iterable[NamedNetwork]) -> None:
    files: dict[Place, str] = {}
    for each in networks:
        first = files.setdefault(each.component.place(each.model), each.file)
        if first != each.file:
            both = f"{first} and {each.file}"
            raise ValueError(f"it has the {each.component.label} twice, {both}; keep one of them")


def _edge(descriptions: list[ModelDescription]) -> ModelDescription:
    """The edge of one after another: what the first does not take, the last may."""
    first, last = descriptions[0], descriptions[-1]
    inputs = {each.name: each for one in descriptions for each in one.inputs}
    return attrs.evolve(first, inputs=tuple(inputs.values()), outputs=last.outputs)


def _record(network: NamedNetwork, programs: Iterable[Program]) -> PackageRecord:
    """Nobody knows what the package was made of; how its attention is written shows."""
    variants = {attention_variant(each.main_function) for each in programs} - {None}
    known = [each for each in AttentionImplementation if each.value in variants]
    is_unet = network.component in (Component.UNET, Component.CONTROL_UNET, Component.REFINER)
    plan = ConversionPlan(attention=known[-1]) if known and is_unet else ConversionPlan()
    return PackageRecord(
        component=network.component,
        file=network.file,
        files={},
        source="",
        plan=plan,
        model=network.model if network.component is Component.CONTROLNET else None,
    )
