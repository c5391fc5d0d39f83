"""`coreml-sd pipeline`: Apple's tool that draws a picture with packages or bundles."""

from argparse import Namespace
from functools import partial
from pathlib import Path

import typer

from ....domain.coreml.compute_unit import ComputeUnit
from ....domain.errors import InvalidRequest
from ....domain.hub.variant import ENDINGS, Kind
from ....domain.pipeline_manifest import PipelineManifest
from ...settings import Settings
from ..generation_options import Choices
from ..model_options import ModelOptions
from ..picture_options import ControlOptions, SourceOptions
from ..prompt_options import PromptOptions
from ..sampling_options import SamplingOptions
from ..xl_options import XlOptions
from .arguments import AppleParser

EXAMPLES = """\b
What Apple's README says, after the name of the tool:
  coreml-sd pipeline --prompt "a photo of an astronaut riding a horse on mars" -i packages \\
    -o pictures --compute-unit ALL --seed 93
"""

_SCHEDULERS = (
    "DDIM",
    "DPMSolverMultistep",
    "EulerAncestralDiscrete",
    "EulerDiscrete",
    "LMSDiscrete",
    "PNDM",
)
# Apple's default.
_MODEL_VERSION = "CompVis/stable-diffusion-v1-4"
_ENDINGS = {kind.value: ending for ending, kind in ENDINGS.items()}


def parser() -> AppleParser:
    """All flags with Apple's defaults."""
    made = AppleParser("pipeline", "Draw a picture with the flags of Apple's pipeline.", EXAMPLES)
    made.add_argument("--prompt", required=True, help="what the picture shows")
    made.add_argument("-i", required=True, help="folder of packages or bundles")
    made.add_argument("-o", required=True, help="folder for the picture")
    made.add_argument("--seed", "-s", type=int, default=93, help="start of the random numbers")
    made.add_argument(
        "--model-version",
        default=_MODEL_VERSION,
        help="the checkpoint of packages that other tools made; named in the picture's file",
    )
    made.compute_unit()
    made.add_argument("--scheduler", choices=_SCHEDULERS, help="the model's own if left out")
    made.add_argument("--num-inference-steps", type=int, default=50, help="denoising steps")
    made.add_argument(
        "--guidance-scale", type=float, default=7.5, help="how strongly the prompt counts"
    )
    made.add_argument("--controlnet", nargs="*", type=str, help="ControlNets that guide")
    made.add_argument("--controlnet-inputs", nargs="*", type=str, help="a picture for each")
    made.add_argument("--negative-prompt", help="what the picture does not show")
    made.flag("--unet-batch-one", "without effect: the UNet says so itself")
    made.add_argument("--model-sources", choices=tuple(_ENDINGS), help="what the folder has")
    return made


def pipeline(context: typer.Context) -> None:
    """Draw a picture with the flags of Apple's pipeline, and print its path.

    Its file has the name that Apple's tool gives it. Core ML draws on a Mac, the reference runtime
    elsewhere.
    """
    arguments = parser().parse_args(context.args)
    _require_sources(Path(arguments.i), arguments.model_sources)
    from ...container import Container  # noqa: PLC0415 - imports the adapters
    from ..drawing import Drawing, draw  # noqa: PLC0415 - see above
    from ..picture_inputs import PictureInputs  # noqa: PLC0415 - see above
    from ..requested import requested  # noqa: PLC0415 - see above

    kind = None if arguments.model_sources is None else Kind(arguments.model_sources)
    container = Container(settings=Settings.from_environment(kind=kind))
    choices = _choices(arguments)
    pictures = PictureInputs.load(container.image_store(), choices.source, choices.control)
    drawing = Drawing(
        requests=requested(choices, pictures),
        files=[_picture_file(arguments)],
        model=choices.model,
        pictures=pictures,
        require=partial(_require_agreement, ending=_ENDINGS.get(arguments.model_sources)),
    )
    for file in draw(drawing, container):
        typer.echo(file)


def _require_sources(folder: Path, sources: str | None) -> None:
    """See to it that the folder has networks, of the form that was asked for, and of one only."""
    found = [name for name, ending in _ENDINGS.items() if any(folder.glob(f"*{ending}"))]
    if not found:
        raise InvalidRequest("-i", f"{folder} has neither packages nor bundles")
    if sources is None and len(found) > 1:
        raise InvalidRequest("--model-sources", f"{folder} has both; say packages or compiled")
    if sources is not None and sources not in found:
        raise InvalidRequest("--model-sources", f"{folder} has no {_ENDINGS[sources]}")


def _require_agreement(manifest: PipelineManifest, *, ending: str | None) -> None:
    """A pipeline.json has decided which of both is drawn with."""
    for each in manifest.packages:
        if ending is not None and not each.file.endswith(ending):
            raise InvalidRequest(
                "--model-sources", f"pipeline.json names {each.file}; leave it out"
            )


def _choices(arguments: Namespace) -> Choices:
    images = [Path(each) for each in arguments.controlnet_inputs or ()]
    return Choices(
        prompt=PromptOptions(prompt=arguments.prompt, negative_prompt=arguments.negative_prompt),
        model=ModelOptions(
            model=arguments.i,
            model_version=_checkpoint(arguments),
            compute_unit=ComputeUnit(arguments.compute_unit),
        ),
        sampling=SamplingOptions(
            seed=arguments.seed,
            steps=arguments.num_inference_steps,
            guidance_scale=arguments.guidance_scale,
            scheduler=arguments.scheduler,
        ),
        source=SourceOptions(),
        control=ControlOptions(control_image=images, controlnet=arguments.controlnet),
        xl=XlOptions(),
    )


def _checkpoint(arguments: Namespace) -> str | None:
    """What the packages were made of, where somebody has to say so and did."""
    is_told = (Path(arguments.i) / "pipeline.json").exists()
    is_default = arguments.model_version == _MODEL_VERSION
    return None if is_told or is_default else arguments.model_version


def _picture_file(arguments: Namespace) -> Path:
    """The name that Apple's tool gives the picture.

    >>> given = parser().parse_args(["--prompt", "a cat", "-i", "in", "-o", "out"])
    >>> str(_picture_file(given).parent)
    'out/a_cat'
    >>> _picture_file(given).name
    'randomSeed_93_computeUnit_ALL_modelVersion_CompVis_stable-diffusion-v1-4.png'
    """
    title: str = arguments.prompt.replace("/", "_").replace(" ", "_")
    version = arguments.model_version.replace("/", "_")
    name = (
        f"randomSeed_{arguments.seed}_computeUnit_{arguments.compute_unit}_modelVersion_{version}"
    )
    if arguments.scheduler is not None:
        name += f"_customScheduler_{arguments.scheduler}"
        name += f"_numInferenceSteps{arguments.num_inference_steps}"
    return Path(arguments.o) / title / f"{name}.png"
