"""The options of `coreml-sd generate`, in groups of what belongs together."""

import attrs

from ...domain.coreml.compute_unit import ComputeUnit
from ...domain.prompt.syntax import PromptSyntax
from ...domain.randomness.kind import RandomKind
from ..settings import ProgressForm, RuntimeChoice
from . import drawing_options, options


@attrs.frozen(kw_only=True)
class ModelOptions:
    """What draws, and on what."""

    model: drawing_options.Model = "pocket"
    revision: options.Revision = None
    model_version: drawing_options.ModelVersion = None
    runtime: options.Runtime = RuntimeChoice.AUTO
    compute_unit: options.ComputeUnits = ComputeUnit.ALL
    low_memory: drawing_options.LowMemory = False


@attrs.frozen(kw_only=True)
class PromptOptions:
    """What the picture shows, and how that is read."""

    prompt: drawing_options.Prompt = None
    prompts: drawing_options.Prompts = None
    from_image: drawing_options.FromImage = None
    negative_prompt: drawing_options.NegativePrompt = ""
    prompt_syntax: drawing_options.Syntax = PromptSyntax.PLAIN
    clip_skip: drawing_options.ClipSkip = 0
    arrays: drawing_options.Arrays = None


@attrs.frozen(kw_only=True)
class SamplingOptions:
    """How a picture comes out of noise."""

    height: drawing_options.Height = None
    width: drawing_options.Width = None
    seed: drawing_options.Seed = None
    steps: drawing_options.Steps = 25
    guidance_scale: drawing_options.GuidanceScale = None
    guidance_rescale: drawing_options.GuidanceRescale = 0.0
    images: drawing_options.Images = 1
    scheduler: drawing_options.Scheduler = None
    rng: drawing_options.Rng = RandomKind.NUMPY
    timesteps: drawing_options.Timesteps = None
    sigmas: drawing_options.Sigmas = None
    eta: drawing_options.Eta = None


@attrs.frozen(kw_only=True)
class SourceOptions:
    """The picture that is changed."""

    image: drawing_options.SourceImage = None
    strength: drawing_options.Strength = None
    mask: drawing_options.Mask = None
    keep_outside: drawing_options.KeepOutside = None
    image_guidance_scale: drawing_options.ImageGuidanceScale = None


@attrs.frozen(kw_only=True)
class ControlOptions:
    """What ControlNets are shown."""

    control_image: drawing_options.ControlImages = None
    controlnet: drawing_options.ControlNetNames = None
    control_scale: drawing_options.ControlScales = None
    guess_mode: drawing_options.GuessMode = False


@attrs.frozen(kw_only=True)
class XlOptions:
    """What Stable Diffusion XL and its refiner are told beside."""

    refiner_start: drawing_options.RefinerStart = None
    original_size: drawing_options.OriginalSize = None
    crop_top_left: drawing_options.CropTopLeft = None
    target_size: drawing_options.TargetSize = None
    negative_original_size: drawing_options.NegativeOriginalSize = None
    negative_crop_top_left: drawing_options.NegativeCropTopLeft = None
    negative_target_size: drawing_options.NegativeTargetSize = None
    aesthetic_score: drawing_options.AestheticScore = 6.0
    negative_aesthetic_score: drawing_options.NegativeAestheticScore = 2.5


@attrs.frozen(kw_only=True)
class OutputOptions:
    """Where pictures go, and what is told meanwhile."""

    output: drawing_options.Picture = None
    grid: drawing_options.Grid = None
    save_every: drawing_options.SaveEvery = None
    progress: drawing_options.Progress = ProgressForm.TEXT
    quiet: options.Quiet = False


@attrs.frozen(kw_only=True)
class Choices:
    """Everything that decides what is drawn."""

    prompt: PromptOptions
    model: ModelOptions
    sampling: SamplingOptions
    source: SourceOptions
    control: ControlOptions
    xl: XlOptions
