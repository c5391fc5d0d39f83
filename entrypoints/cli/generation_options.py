"""The options of `coreml-sd generate`, in groups of what belongs together."""

import attrs

from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.prompt.syntax import PromptSyntax
from ...domain.randomness.kind import RandomKind
from ..settings import RuntimeChoice
from . import options


@attrs.frozen(kw_only=True)
class ModelOptions:
    """What draws, and on what."""

    model: options.Model = "pocket"
    revision: options.Revision = None
    runtime: options.Runtime = RuntimeChoice.AUTO
    compute_unit: options.ComputeUnits = ComputeUnit.ALL
    low_memory: options.LowMemory = False


@attrs.frozen(kw_only=True)
class PromptOptions:
    """What the picture shows, and how that is read."""

    prompt: options.Prompt
    negative_prompt: options.NegativePrompt = ""
    prompt_syntax: options.Syntax = PromptSyntax.PLAIN
    clip_skip: options.ClipSkip = 0


@attrs.frozen(kw_only=True)
class SamplingOptions:
    """How a picture comes out of noise."""

    seed: options.Seed = None
    steps: options.Steps = 25
    guidance_scale: options.GuidanceScale = None
    images: options.Images = 1
    scheduler: options.Scheduler = None
    rng: options.Rng = RandomKind.NUMPY
    timesteps: options.Timesteps = None
    sigmas: options.Sigmas = None
    eta: options.Eta = None


@attrs.frozen(kw_only=True)
class SourceOptions:
    """The picture that is changed."""

    image: options.SourceImage = None
    strength: options.Strength = None
