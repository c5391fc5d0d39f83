"""A verification as the JSON document of `verify.json`."""

import enum
import math
from collections.abc import Mapping
from typing import Any

import attrs

from ...domain.component import Component
from ...domain.verification.divergence import Departure, Divergence
from ...domain.verification.output_fidelity import OutputFidelity
from ...domain.verification.report import ComponentFidelity, Verification

#: The version of the document's form that this program writes, and the only one that it reads.
VERSION = 1


def to_document(verification: Verification) -> dict[str, Any]:
    """The verification as nested dictionaries, lists, texts and numbers, in a fixed order.

    JSON has no infinities: decibels of equal pictures are the text "inf".
    """
    plain = attrs.asdict(verification, value_serializer=_plain)
    plain["swaps"] = {each.value: _number(db) for each, db in verification.swaps.items()}
    return {"version": VERSION, "passed": not verification.failures, **plain}


def _plain(_owner: object, _field: object, value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    return _number(value) if isinstance(value, float) else value


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


def from_document(document: Mapping[str, Any]) -> Verification:
    """The verification of a document.

    Raises ValueError, KeyError or TypeError where something is missing, unknown or of another type.
    """
    values = dict(document)
    if (version := values.pop("version", None)) != VERSION:
        raise ValueError(f"its version is {version!r} where this program reads {VERSION}")
    del values["passed"]
    read = {
        "threshold_db": float(values["threshold_db"]),
        "picture_psnr_db": float(values["picture_psnr_db"]),
        "components": tuple(_component(each) for each in values["components"]),
        "swaps": {Component(name): float(db) for name, db in values["swaps"].items()},
    }
    return Verification(**{**values, **read})


def _component(values: Mapping[str, Any]) -> ComponentFidelity:
    divergence, departure = values["divergence"], values.get("departure")
    read = {
        "component": Component(values["component"]),
        "outputs": tuple(_output(each) for each in values["outputs"]),
        "divergence": divergence and Divergence(divergence["result"], float(divergence["psnr_db"])),
        "departure": departure and _departure(departure),
    }
    return ComponentFidelity(**{**values, **read})


def _departure(values: Mapping[str, Any]) -> Departure:
    return Departure(values["result"], float(values["psnr_db"]), tuple(values["weights"]))


def _output(values: Mapping[str, Any]) -> OutputFidelity:
    picture = values["picture_psnr_db"]
    return OutputFidelity(
        output=values["output"],
        psnr_db=float(values["psnr_db"]),
        cosine=float(values["cosine"]),
        largest_error=float(values["largest_error"]),
        picture_psnr_db=None if picture is None else float(picture),
    )
