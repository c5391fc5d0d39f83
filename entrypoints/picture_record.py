"""The settings of a picture as texts for its metadata, so that it can be made again.

`parameters` is laid out as AUTOMATIC1111's web UI writes and reads it; `coreml-sd` is JSON.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from types import UnionType
from typing import Any, get_args, get_origin

import attrs

from ..domain.errors import InvalidRequest
from ..domain.pictures.picture_file import PictureFile
from ..domain.size_conditions import SizeConditions
from .web_ui_parameters import read_parameters

#: Diffusers' names of schedulers and what AUTOMATIC1111's web UI calls them.
_SAMPLERS = {
    "DPMSolverMultistep": "DPM++ 2M",
    "EulerAncestralDiscrete": "Euler a",
    "EulerDiscrete": "Euler",
    "HeunDiscrete": "Heun",
    "LMSDiscrete": "LMS",
    "PNDM": "PLMS",
    "UniPCMultistep": "UniPC",
}


#: The keywords of both texts.
_OURS, _WEB_UI = "coreml-sd", "parameters"


def settings_of(file: PictureFile) -> tuple[str, dict[str, Any]]:
    """Name the program that drew a picture, and give its settings as that names them.

    Raises InvalidRequest for a picture that carries none.
    """
    if _OURS in file.texts:
        return _OURS, _read(file)
    if _WEB_UI in file.texts:
        return "a program like AUTOMATIC1111's web UI", read_parameters(file.texts[_WEB_UI])
    raise InvalidRequest(file.name, "its metadata holds no settings that are known")


def _read(file: PictureFile) -> dict[str, Any]:
    try:
        settings = json.loads(file.texts[_OURS])
    except ValueError as error:
        raise InvalidRequest(file.name, "the settings in its metadata are damaged") from error
    if not isinstance(settings, dict):
        raise InvalidRequest(file.name, "the settings in its metadata are damaged")
    return settings


def read_record(file: PictureFile) -> "PictureRecord":
    """What this program wrote into a picture. Raises InvalidRequest where it wrote nothing."""
    if _OURS not in file.texts:
        raise InvalidRequest(file.name, "its metadata holds no settings of coreml-sd")
    settings = _read(file)
    try:
        record = PictureRecord(**settings)
        parts: list[attrs.AttrsInstance] = [record, record.sizes, *record.controls]
        for part in parts:
            _require_types(part)
    except (TypeError, ValueError, AttributeError, InvalidRequest) as error:
        problem = f"its settings are those of another version, {settings.get('version')}"
        raise InvalidRequest(file.name, problem) from error
    return record


def _require_types(value: attrs.AttrsInstance) -> None:
    """Raise TypeError where a field is of another type; anybody may have written the picture."""
    for field in attrs.fields(type(value)):
        found = getattr(value, field.name)
        if not isinstance(found, _classes(field.type)):
            raise TypeError(f"{field.name} is {found!r}")


def _classes(annotation: Any) -> tuple[type, ...]:
    """What an annotation admits; whole numbers are numbers, too."""
    kinds = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    classes = tuple(get_origin(each) or each for each in kinds)
    return (*classes, int) if float in classes else classes


@attrs.frozen(kw_only=True)
class ControlRecord:
    """The file of a picture that a ControlNet read, with the SHA-256 of its bytes."""

    image: str
    sha256: str
    controlnet: str | None
    scale: float


def _controls(values: Iterable[ControlRecord | Mapping[str, Any]]) -> tuple[ControlRecord, ...]:
    return tuple(
        each if isinstance(each, ControlRecord) else ControlRecord(**each) for each in values
    )


def _sizes(value: SizeConditions | Mapping[str, Any]) -> SizeConditions:
    if isinstance(value, SizeConditions):
        return value
    pairs = {name: tuple(each) for name, each in value.items() if isinstance(each, list)}
    return SizeConditions(**{**value, **pairs})


@attrs.frozen(kw_only=True)
class PictureRecord:
    """Everything that decided one picture; width and height in pixels.

    `seed` is the picture's own; `scheduler` is the catalogue's name. `image` is the name of the
    file that it was made from, with the SHA-256 of its bytes and the strength; `mask` is another.
    `arrays` is the file of its noise, in that row, or of its texts. `packages` are the SHA-256 of
    the networks of its model by their names.
    """

    prompt: str
    negative_prompt: str | None
    num_inference_steps: int
    guidance_scale: float
    seed: int
    scheduler: str
    width: int
    height: int
    model: str
    revision: str | None
    runtime: str
    version: str
    prompt_syntax: str = "plain"
    clip_skip: int = 0
    rng: str = "numpy"
    timesteps: Sequence[float] | None = None
    sigmas: Sequence[float] | None = None
    eta: float | None = None
    guidance_rescale: float = 0.0
    image: str | None = None
    image_sha256: str | None = None
    strength: float | None = None
    mask: str | None = None
    mask_sha256: str | None = None
    keep_outside: bool = False
    image_guidance_scale: float | None = None
    controls: tuple[ControlRecord, ...] = attrs.field(default=(), converter=_controls)
    guess_mode: bool = False
    refiner_start: float | None = None
    sizes: SizeConditions = attrs.field(factory=SizeConditions, converter=_sizes)
    packages: Mapping[str, str] = attrs.field(factory=dict)
    arrays: str | None = None
    arrays_sha256: str | None = None
    arrays_row: int | None = None

    def texts(self) -> dict[str, str]:
        """The metadata by keyword."""
        return {
            _WEB_UI: self._parameters(),
            _OURS: json.dumps(attrs.asdict(self), ensure_ascii=False),
        }

    def _parameters(self) -> str:
        settings = {
            "Steps": self.num_inference_steps,
            "Sampler": _SAMPLERS.get(self.scheduler, self.scheduler),
            "CFG scale": f"{self.guidance_scale:g}",
            "Seed": self.seed,
            "Size": f"{self.width}x{self.height}",
            "Model": self.model,
        }
        if self.clip_skip:
            # What the web UI counts is where it stops, 1 being the last layer.
            settings["Clip skip"] = self.clip_skip + 1
        if self.strength is not None:
            settings["Denoising strength"] = f"{self.strength:g}"
        settings["Version"] = f"coreml-sd {self.version}"
        lines = [self._for_web_ui(self.prompt)]
        if self.negative_prompt:
            lines.append(f"Negative prompt: {self._for_web_ui(self.negative_prompt)}")
        lines.append(", ".join(f"{name}: {value}" for name, value in settings.items()))
        return "\n".join(lines)

    def _for_web_ui(self, prompt: str) -> str:
        """The prompt with its brackets as text where they are not weights."""
        return (
            prompt if self.prompt_syntax == "a1111" else re.sub(r"[()\[\]\\]", r"\\\g<0>", prompt)
        )
