"""What a user asks for: one prompt and how to draw it."""

import attrs
import numpy as np
from numpy.typing import NDArray

from .errors import InvalidRequest
from .finite import is_finite
from .own_texts import OwnTexts
from .pictures.control_picture import ControlPicture
from .pictures.source_picture import SourcePicture
from .pipeline_manifest import PipelineManifest
from .prompt.syntax import PromptSyntax
from .randomness.kind import RandomKind
from .randomness.source import require_seed
from .schedulers.catalogue import scheduler_name
from .schedulers.run import Run
from .schedulers.strength import steps_taken
from .size_conditions import SizeConditions


@attrs.frozen(kw_only=True)
class GenerationRequest:
    """A prompt and its settings, valid when built: raises InvalidRequest, which names the option.

    A `negative_prompt` of None is an empty text, or zeros where the model learned that. A
    `guidance_scale` of None is the model's own. Picture number i is drawn from `seed` + i, with
    the random numbers of `rng`. `timesteps` or `sigmas`, where given, decide the steps instead of
    their number; `eta` is how much noise steps add. `latents`, where given, are the starting noise
    instead of the seeds', (images_per_prompt, channels, height, width) with a deviation of 1.
    `height` and `width` are in pixels, None for the model's usual ones. `prompt_syntax` says which
    characters of both prompts are more than text; `clip_skip` is how many of the text encoder's
    last layers are left out, 0 or 1. Encoded `texts` take the prompts' place.

    With a `source` its pictures are made from that one instead of from noise alone. With `controls`
    ControlNets guide them, in `guess_mode` without heed to the prompt. A refiner takes over when
    `refiner_start` of the noise is gone, 0.8 where left out and there is one; 1 is never.
    """

    prompt: str = ""
    negative_prompt: str | None = None
    prompt_syntax: PromptSyntax = PromptSyntax.PLAIN
    clip_skip: int = 0
    texts: OwnTexts | None = None
    num_inference_steps: int = 25
    guidance_scale: float | None = None
    guidance_rescale: float = 0.0
    image_guidance_scale: float | None = None
    height: int | None = None
    width: int | None = None
    seed: int
    images_per_prompt: int = 1
    scheduler: str | None = None
    rng: RandomKind = RandomKind.NUMPY
    timesteps: tuple[float, ...] | None = None
    sigmas: tuple[float, ...] | None = None
    eta: float | None = None
    latents: NDArray[np.floating] | None = attrs.field(
        default=None, eq=attrs.cmp_using(np.array_equal)
    )
    source: SourcePicture | None = None
    controls: tuple[ControlPicture, ...] = ()
    guess_mode: bool = False
    sizes: SizeConditions = attrs.field(factory=SizeConditions)
    refiner_start: float | None = None

    def __attrs_post_init__(self) -> None:
        self._check_texts()
        self._check_counts()
        self._check_scales()
        if self.scheduler is not None:
            _require_text("--scheduler", self.scheduler)
            scheduler_name(self.scheduler)
        _ = self.run
        if self.latents is not None:
            _require_noise(self.latents, self.images_per_prompt)
        if self.source is not None:
            _ = steps_taken(self.run.steps, self.source.settled_strength)
        if self.guess_mode and not self.controls:
            raise InvalidRequest("--guess-mode", "there is no control image that it is for")

    def _check_texts(self) -> None:
        _require_text("PROMPT", self.prompt)
        if self.negative_prompt is not None:
            _require_text("--negative-prompt", self.negative_prompt)
        _require_whole("--clip-skip", self.clip_skip, least=0)
        if self.clip_skip > 1:
            problem = f"{self.clip_skip} is more than the one layer that can be left out"
            raise InvalidRequest("--clip-skip", problem)

    def _check_counts(self) -> None:
        _require_whole("--steps", self.num_inference_steps)
        _require_whole("--images", self.images_per_prompt)
        _require_whole("--seed", self.seed, least=0)
        require_seed(self.seed, self.rng)
        require_seed(self.seed + self.images_per_prompt - 1, self.rng)
        for option, size in (("--height", self.height), ("--width", self.width)):
            if size is not None:
                _require_whole(option, size)

    def _check_scales(self) -> None:
        for option, scale in (
            ("--guidance-scale", self.guidance_scale),
            ("--image-guidance-scale", self.image_guidance_scale),
        ):
            if scale is not None:
                _require_scale(option, scale)
        _require_share("--guidance-rescale", self.guidance_rescale)
        if self.refiner_start is not None:
            _require_share("--refiner-start", self.refiner_start)

    @property
    def run(self) -> Run:
        """What is asked of the scheduler. Raises InvalidRequest for what none can meet."""
        return Run.at(
            self.num_inference_steps,
            timesteps=self.timesteps,
            sigmas=self.sigmas,
            eta=self.eta,
            from_picture=self.source is not None,
        )

    @property
    def seeds(self) -> range:
        """The seed of each picture; each can be made again alone with its own."""
        return range(self.seed, self.seed + self.images_per_prompt)

    def guidance_scale_for(self, manifest: PipelineManifest) -> float:
        """The guidance scale that was asked for, or the model's own."""
        return manifest.facts.guidance_scale if self.guidance_scale is None else self.guidance_scale


def _require_scale(option: str, value: float) -> None:
    if not (is_finite(value) and value >= 0):
        raise InvalidRequest(option, f"{value!r} is not a number from 0 up")


def _require_share(option: str, value: float) -> None:
    if not (is_finite(value) and 0 <= value <= 1):
        raise InvalidRequest(option, f"{value!r} is not from 0 to 1")


def _require_text(option: str, text: object) -> None:
    if not isinstance(text, str):
        raise InvalidRequest(option, f"{text!r} is not text")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest(option, "it is not Unicode text; write it in UTF-8") from error


def _require_whole(option: str, value: object, *, least: int = 1) -> None:
    if not isinstance(value, int | np.integer):
        raise InvalidRequest(option, f"{value!r} is not a whole number")
    if value < least:
        raise InvalidRequest(option, f"{value} is less than {least}")


def _require_noise(latents: NDArray[np.floating], images: int) -> None:
    if latents.ndim != 4 or len(latents) != images:
        wanted = f"({images}, channels, height, width)"
        raise InvalidRequest("latents", f"shape {latents.shape} is not {wanted}")
    if not (np.issubdtype(latents.dtype, np.floating) and np.isfinite(latents).all()):
        raise InvalidRequest("latents", "they are not all finite floating-point numbers")
