"""What drawing costs outside of the networks, at Stable Diffusion 1.5's size.

Networks that answer at once stand for the real ones, so that all that is left is ours: tokens,
guidance, schedulers, random numbers, pixels. Beside it one step of the real UNet on the reference
runtime; `full_size.py --work DIR` makes its package.

    python benchmarks/full_size.py --work /tmp/full-size
    python benchmarks/overhead.py --work /tmp/full-size --json overhead.json
"""

import time
from pathlib import Path

import attrs
import numpy as np
from coreml_stable_diffusion.adapters.console.silence import Silence
from coreml_stable_diffusion.adapters.files.tokenizer_files import tokenizer_files
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.pillow.images import PillowImageResizer
from coreml_stable_diffusion.adapters.pocket.pocket_source import NAME, PocketSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.adapters.reference.runtime import ReferenceRuntime
from coreml_stable_diffusion.application.generate import Generate
from coreml_stable_diffusion.application.load_pipeline import LoadedPipeline
from coreml_stable_diffusion.application.networks import Networks
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.pipeline_manifest import PackageRecord, PipelineManifest
from coreml_stable_diffusion.domain.pipelines.text_encoding import TextEncoder
from coreml_stable_diffusion.domain.ports.networks import Network, NetworkRuntime
from coreml_stable_diffusion.domain.request import GenerationRequest
from coreml_stable_diffusion.domain.tensor import Tensors, TensorSpec
from coreml_stable_diffusion.domain.tokenizer.clip_tokenizer import ClipTokenizer
from coreml_stable_diffusion.domain.tokenizer.vocabulary import parse_vocabulary
from full_size import unet_inputs
from report import arguments, print_table, write

STEPS, ROUNDS = 50, 5
SCHEDULERS = ("PNDM", "DPM++ 2M Karras", "Euler a", "UniPC")
UNET = "packages/Stable_Diffusion_version_stable-diffusion-1-5_unet.mlpackage"


def _spec(name: str, *shape: int, dtype: str = "float16") -> TensorSpec:
    return TensorSpec(name=name, shape=shape, dtype=dtype)


_EDGES = {
    Component.TEXT_ENCODER: (
        (_spec("input_ids", 1, 77, dtype="float32"),),
        (_spec("last_hidden_state", 1, 77, 768, dtype="float32"),),
    ),
    Component.UNET: (
        (
            _spec("sample", 2, 4, 64, 64),
            _spec("timestep", 2),
            _spec("encoder_hidden_states", 2, 768, 1, 77),
        ),
        (_spec("noise_pred", 2, 4, 64, 64, dtype="float32"),),
    ),
    Component.VAE_DECODER: (
        (_spec("z", 1, 4, 64, 64),),
        (_spec("image", 1, 3, 512, 512, dtype="float32"),),
    ),
}


@attrs.frozen
class Instant(Network):
    """Answers with the same arrays at once."""

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    answers: Tensors

    def predict(self, inputs: Tensors) -> Tensors:
        """Give the answers; see the port."""
        del inputs
        return self.answers


class InstantRuntime(NetworkRuntime):
    """Knows packages by the names of their components."""

    def load(self, package: Path, compute_unit: ComputeUnit = ComputeUnit.ALL) -> Network:
        """Make a network of Stable Diffusion 1.5's shapes; see the port."""
        del compute_unit
        inputs, outputs = _EDGES[Component(package.name)]
        rng = np.random.default_rng(0)
        answers = {each.name: rng.standard_normal(each.shape, np.float32) for each in outputs}
        return Instant(inputs, outputs, answers)


def instant_pipeline() -> LoadedPipeline:
    """A pipeline whose networks cost nothing."""
    checkpoint = PocketSource(DiffusersFolder()).open(NAME)
    records = (
        PackageRecord(component=each, file=each.value, files={}, source="", plan=ConversionPlan())
        for each in _EDGES
    )
    manifest = PipelineManifest(facts=checkpoint.facts, packages=tuple(records))
    networks = Networks(
        runtime=InstantRuntime(),
        observer=Silence(),
        manifest=manifest,
        folder=Path(),
        compute_unit=ComputeUnit.ALL,
        low_memory=False,
    )
    vocabulary = parse_vocabulary(*tokenizer_files(checkpoint).values())
    encoder = TextEncoder(
        tokenizer=ClipTokenizer(vocabulary=vocabulary),
        network=networks.of(Component.TEXT_ENCODER),
    )
    return LoadedPipeline(
        manifest=manifest,
        networks=networks,
        text_encoders={Component.TEXT_ENCODER: encoder},
        resizer=PillowImageResizer(),
        safety_check=None,
    )


def outside_seconds(pipeline: LoadedPipeline, scheduler: str) -> float:
    """CPU seconds for each step of a whole picture, the least of several rounds."""
    request = GenerationRequest(
        prompt="a red circle on a blue background",
        negative_prompt="blurry, of low quality",
        num_inference_steps=STEPS,
        guidance_scale=7.5,
        seed=1,
        scheduler=scheduler,
    )
    spent = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        list(Generate(observer=Silence())(pipeline, request))
        spent.append((time.process_time() - begun) / STEPS)
    return min(spent)


def unet_seconds(package: Path) -> float:
    """CPU seconds of one step of the real UNet, the less of two."""
    network = ReferenceRuntime(MlPackageReader()).load(package)
    inputs, spent = unet_inputs(), []
    for _ in range(2):
        begun = time.process_time()
        network.predict(inputs)
        spent.append(time.process_time() - begun)
    return min(spent)


def main() -> None:
    """Measure the outside for some schedulers, then one step of the UNet, and print the ratios."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="where full_size.py has worked")
    options = parser.parse_args()
    pipeline = instant_pipeline()
    outside = {scheduler: outside_seconds(pipeline, scheduler) for scheduler in SCHEDULERS}
    inside = unet_seconds(options.work / UNET)
    ratios = {scheduler: each / (each + inside) for scheduler, each in outside.items()}
    print_table(
        f"Outside of the networks, {STEPS} steps of 512 x 512; the UNet takes {inside:.2f} CPU s",
        ["scheduler", "CPU ms a step", "of a step"],
        [[each, f"{1000 * outside[each]:.2f}", f"{ratios[each]:.3%}"] for each in SCHEDULERS],
    )
    figures = {"outside_seconds_per_step": outside, "step_seconds": inside, "ratio": ratios}
    write(options.json, figures)


if __name__ == "__main__":
    main()
