"""Every argument and option of `coreml-sd generate` that no other command has, each told once."""

from pathlib import Path
from typing import Annotated

import typer

from ...domain.prompt.syntax import PromptSyntax
from ...domain.randomness.kind import RandomKind
from ..settings import ProgressForm

Prompt = Annotated[
    str | None,
    typer.Argument(metavar="PROMPT", help="What the picture shows.", show_default=False),
]
Prompts = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Prompts instead, one a line, each a picture; - is standard input."
    ),
]
FromImage = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.png",
        help="Draw a picture of this program again; what is given beside it is changed.",
    ),
]
Model = Annotated[
    str,
    typer.Option(
        "--model",
        "-m",
        metavar="DIR|ID",
        help="A folder of packages, or a checkpoint, which is converted once into the cache.",
    ),
]
ModelVersion = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="The checkpoint that packages of other tools were made of, whose configuration and"
        " tokenizer they go with; its weights are not fetched.",
    ),
]
NegativePrompt = Annotated[
    str, typer.Option(metavar="TEXT", help="What the picture does not show.", show_default=False)
]
Syntax = Annotated[
    PromptSyntax,
    typer.Option(
        "--prompt-syntax",
        help="Whether (more:1.3), [less] and BREAK mean in both prompts what they mean to"
        " AUTOMATIC1111's web UI, or are text as to diffusers.",
    ),
]
ClipSkip = Annotated[
    int,
    typer.Option(
        metavar="N",
        help="How many of the text encoder's last layers to leave out: 0, or 1, which other"
        " programs call 2.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(metavar="N", help="Start of the random numbers; chosen and told if left out."),
]
Steps = Annotated[
    int, typer.Option("--steps", "--num-inference-steps", metavar="N", help="Denoising steps.")
]
GuidanceScale = Annotated[
    float | None,
    typer.Option(
        metavar="X",
        help="How strongly the prompt counts; guides if over 1. The model's own where left out.",
    ),
]
Images = Annotated[
    int, typer.Option(metavar="N", help="Pictures to draw, with the seed and those after it.")
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="As diffusers or AUTOMATIC1111 call it: DDIM, LCM, TCD, PLMS, Heun, LMS, UniPC, Euler,"
        " Euler a, DPM++ 2M, DPM++ 2M SDE and so on, some with Karras, Exponential or Beta after"
        " it; the model's own if left out.",
    ),
]
Rng = Annotated[
    RandomKind,
    typer.Option(help="Whose random numbers the seed starts: NumPy's, or PyTorch's on CPU or GPU."),
]
Timesteps = Annotated[
    str | None,
    typer.Option(metavar="A,B,...", help="Own timesteps, falling, instead of a number of steps."),
]
Sigmas = Annotated[
    str | None,
    typer.Option(metavar="A,B,...", help="Own noise levels, falling to where the run ends."),
]
Eta = Annotated[
    float | None,
    typer.Option(metavar="X", help="How much noise steps of DDIM and TCD add, from 0 to 1."),
]
Arrays = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.npz",
        help="Starting noise, encoded texts or both, as latents, prompt_embeds,"
        " negative_prompt_embeds, pooled_prompt_embeds and negative_pooled_prompt_embeds.",
    ),
]
SourceImage = Annotated[
    Path | None,
    typer.Option("--image", metavar="FILE", help="A picture to change instead of noise alone."),
]
Strength = Annotated[
    float | None,
    typer.Option(
        metavar="X",
        help="How much of --image may change: a little over 0 keeps it, 1 hardly. 0.8 where left"
        " out, 1 with --mask.",
    ),
]
Mask = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A picture as large as --image, white where it may change."),
]
KeepOutside = Annotated[
    bool | None,
    typer.Option(
        "--keep-outside/--no-keep-outside",
        help="Leave each pixel outside of --mask as it is in --image, which is usual; or let the"
        " VAE change it a little, as diffusers does.",
    ),
]
ImageGuidanceScale = Annotated[
    float | None,
    typer.Option(
        metavar="X",
        help="How strongly --image counts for a model that changes pictures by instructions; 1.5"
        " where left out.",
    ),
]
ControlImages = Annotated[
    list[Path] | None,
    typer.Option(
        "--control-image", metavar="FILE", help="A picture for a ControlNet; may come repeatedly."
    ),
]
ControlNetNames = Annotated[
    list[str] | None,
    typer.Option(
        "--controlnet",
        metavar="NAME",
        help="Which ControlNet reads it, one for each --control-image; the only one if left out.",
    ),
]
ControlScales = Annotated[
    list[float] | None,
    typer.Option(
        "--control-scale", metavar="X", help="How much it counts, once for all or for each. 1."
    ),
]
GuessMode = Annotated[
    bool,
    typer.Option("--guess-mode", help="Let ControlNets lead, and guide well without a prompt."),
]
Height = Annotated[
    int | None,
    typer.Option(metavar="N", help="Height in pixels, out of the sizes of the packages."),
]
Width = Annotated[
    int | None,
    typer.Option(metavar="N", help="Width in pixels, out of the sizes of the packages."),
]
GuidanceRescale = Annotated[
    float,
    typer.Option(
        metavar="X", help="How much of the contrast that guidance adds is taken back, from 0 to 1."
    ),
]
RefinerStart = Annotated[
    float | None,
    typer.Option(
        metavar="X",
        help="How much of the noise is gone when the refiner takes over, where there is one: 0.8"
        " where left out, 1 for never.",
    ),
]
OriginalSize = Annotated[
    str | None,
    typer.Option(
        metavar="HEIGHT,WIDTH",
        help="For Stable Diffusion XL: how large the picture is to look before it was resized.",
    ),
]
CropTopLeft = Annotated[
    str | None,
    typer.Option(metavar="TOP,LEFT", help="For Stable Diffusion XL: how much looks cropped off."),
]
TargetSize = Annotated[
    str | None,
    typer.Option(metavar="HEIGHT,WIDTH", help="For Stable Diffusion XL: how large after that."),
]
NegativeOriginalSize = Annotated[
    str | None,
    typer.Option(metavar="HEIGHT,WIDTH", help="--original-size for the negative prompt."),
]
NegativeCropTopLeft = Annotated[
    str | None,
    typer.Option(metavar="TOP,LEFT", help="--crop-top-left for the negative prompt."),
]
NegativeTargetSize = Annotated[
    str | None,
    typer.Option(metavar="HEIGHT,WIDTH", help="--target-size for the negative prompt."),
]
AestheticScore = Annotated[
    float, typer.Option(metavar="X", help="For refiners: how beautiful the picture is to be.")
]
NegativeAestheticScore = Annotated[
    float, typer.Option(metavar="X", help="For refiners: how beautiful what is avoided is.")
]
SaveEvery = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Also write a small, rough picture of every Nth step, as FILE-step-N.png and so on.",
    ),
]
LowMemory = Annotated[
    bool,
    typer.Option("--low-memory", help="Load each network when it is needed, and release it after."),
]
Picture = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE.png",
        help="The picture's file, FILE-2.png and so on for more; {prompt}, {seed} and {index} in it"
        " stand for the picture's own; named after the prompt and seed if left out.",
    ),
]
Grid = Annotated[
    Path | None,
    typer.Option(metavar="FILE.png", help="Also write all pictures as one, row by row."),
]
Progress = Annotated[
    ProgressForm,
    typer.Option(help="How progress is told on stderr: to people, or to programs, line by line."),
]
