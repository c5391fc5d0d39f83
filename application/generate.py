"""Draw pictures from a prompt, or from one and a picture, with a folder of converted packages."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs
import numpy as np
from numpy.typing import NDArray

from ..domain.component import Component
from ..domain.coreml.compute_unit import ComputeUnit
from ..domain.errors import IncompleteModelFolder
from ..domain.guidance import guides
from ..domain.latents import LatentScaling, Start, starts
from ..domain.pipeline_manifest import PipelineManifest
from ..domain.pipelines.denoise import DenoisingStep
from ..domain.pipelines.picture_encoding import PictureEncoding
from ..domain.pipelines.safety_check import SafetyCheck
from ..domain.pipelines.text_to_image import TextToImage
from ..domain.ports.images import ImageResizer
from ..domain.ports.model_folders import ModelFolders
from ..domain.ports.networks import Network, NetworkRuntime
from ..domain.ports.observing import Observer
from ..domain.posterior import Posterior
from ..domain.request import GenerationRequest
from ..domain.schedulers.catalogue import scheduler_from_config
from ..domain.schedulers.prediction import Sample
from ..domain.schedulers.scheduler import Scheduler
from ..domain.schedulers.strength import first_step
from ..domain.source_picture import SourcePicture
from ..domain.tokenizer.clip_tokenizer import ClipTokenizer, TokenIds

#: Sees each step after it was taken; the first that is taken has the index 0.
Watcher = Callable[[DenoisingStep], object]

_DRAWING = (Component.TEXT_ENCODER, Component.UNET, Component.VAE_DECODER)


@attrs.frozen(kw_only=True)
class LoadedPipeline:
    """A model folder whose networks are ready to predict, as often as wanted.

    `picture_encoding` is there once a picture was to be made from another.
    """

    folder: Path
    compute_unit: ComputeUnit
    manifest: PipelineManifest
    text_to_image: TextToImage
    safety_check: SafetyCheck | None
    picture_encoding: PictureEncoding | None = None


@attrs.frozen(kw_only=True)
class GeneratedImage:
    """A picture, (height, width, 3) 8-bit red, green and blue, and the seed that makes it again.

    Where the safety checker `flagged` it, it is black. `cut_prompt` is the end of the prompt that
    the text encoder had no place for.
    """

    pixels: NDArray[np.uint8] = attrs.field(eq=attrs.cmp_using(np.array_equal))
    seed: int
    flagged: bool = False
    cut_prompt: str = ""


class Generate:
    """Loads a model folder once, then draws with it as often as wanted."""

    def __init__(
        self,
        *,
        model_folders: ModelFolders,
        runtime: NetworkRuntime,
        resizer: ImageResizer,
        observer: Observer,
    ) -> None:
        self._model_folders = model_folders
        self._runtime = runtime
        self._resizer = resizer
        self._observer = observer

    def load(
        self,
        folder: Path,
        *,
        compute_unit: ComputeUnit = ComputeUnit.ALL,
        check_safety: bool = True,
        encode_pictures: bool = False,
    ) -> LoadedPipeline:
        """Make the networks that drawing needs ready; the safety checker where there is one.

        With `encode_pictures` the VAE encoder, too. Raises NotAModelFolder, IncompleteModelFolder,
        MissingComponent and what the runtime raises.
        """
        manifest = self._model_folders.read_manifest(folder)
        vocabulary = self._model_folders.read_vocabulary(folder)
        components = list(_DRAWING)
        if check_safety and manifest.record(Component.SAFETY_CHECKER) is not None:
            components.append(Component.SAFETY_CHECKER)
        if encode_pictures:
            components.append(Component.VAE_ENCODER)
        networks = self._load_networks(manifest, folder, components, compute_unit)
        text_to_image = TextToImage(
            tokenizer=ClipTokenizer(
                vocabulary=vocabulary, padding_token=manifest.facts.padding_token
            ),
            text_encoder=networks[Component.TEXT_ENCODER],
            unet=networks[Component.UNET],
            vae_decoder=networks[Component.VAE_DECODER],
            latent_scaling=_latent_scaling(manifest),
        )
        return LoadedPipeline(
            folder=folder,
            compute_unit=compute_unit,
            manifest=manifest,
            text_to_image=text_to_image,
            safety_check=self._safety_check(manifest, folder, networks),
            picture_encoding=self._picture_encoding(manifest, networks),
        )

    def with_picture_encoding(self, pipeline: LoadedPipeline) -> LoadedPipeline:
        """The same pipeline with its VAE encoder, which is loaded where it was not yet.

        Raises MissingComponent and what the runtime raises.
        """
        if pipeline.picture_encoding is not None:
            return pipeline
        networks = self._load_networks(
            pipeline.manifest, pipeline.folder, [Component.VAE_ENCODER], pipeline.compute_unit
        )
        encoding = self._picture_encoding(pipeline.manifest, networks)
        return attrs.evolve(pipeline, picture_encoding=encoding)

    def __call__(
        self,
        pipeline: LoadedPipeline,
        request: GenerationRequest,
        watch: Watcher | None = None,
    ) -> Iterator[GeneratedImage]:
        """Draw the pictures of a request, one after another as they are asked for.

        `watch` sees every step of every picture, and may end it all with an exception. What cannot
        be met is refused at once: raises InvalidRequest, and what `with_picture_encoding` raises
        where a picture is given. While drawing, PredictionError where a network fails.
        """
        scheduler = scheduler_from_config(
            pipeline.manifest.facts.scheduler, request.run, request.scheduler
        )
        first = 0
        if request.source is not None:
            first = first_step(scheduler, request.run.steps, request.source.strength)
            pipeline = self.with_picture_encoding(pipeline)
        pictures = starts(request, pipeline.text_to_image.latent_shape)
        return self._draw(pipeline, request, scheduler, pictures, first=first, watch=watch)

    def _draw(
        self,
        pipeline: LoadedPipeline,
        request: GenerationRequest,
        scheduler: Scheduler,
        pictures: Iterable[Start],
        *,
        first: int,
        watch: Watcher | None,
    ) -> Iterator[GeneratedImage]:
        drawing = pipeline.text_to_image
        guidance_scale = request.guidance_scale_for(pipeline.manifest)
        texts = [self._tokenize(drawing, "prompt", request.prompt)]
        if guides(guidance_scale):
            texts.insert(0, self._tokenize(drawing, "negative prompt", request.negative_prompt))
        conditions = drawing.encode(*texts)
        posterior = self._encoded(pipeline.picture_encoding, request.source)
        for number, start in enumerate(pictures, start=1):
            title = f"Picture {number} of {request.images_per_prompt}"
            latents = _first_sample(scheduler, first, start, posterior)
            with self._observer.task(title, steps=len(scheduler.timesteps) - first) as task:
                for step in drawing.denoise_from(
                    latents,
                    scheduler,
                    start.source,
                    first=first,
                    conditions=conditions,
                    guidance_scale=guidance_scale,
                ):
                    latents = step.sample
                    task.advance()
                    if watch is not None:
                        watch(attrs.evolve(step, index=step.index - first))
            pixels = drawing.decode(latents)
            yield self._checked(pipeline, pixels, seed=start.seed, cut_prompt=texts[-1].cut)

    def _tokenize(self, drawing: TextToImage, title: str, text: str) -> TokenIds:
        tokens = drawing.tokenize(text)
        if tokens.cut:
            fitting = len(tokens.ids) - 2
            self._observer.note(
                f"The {title} is longer than {fitting} tokens; this was left out: {tokens.cut}"
            )
        return tokens

    def _encoded(
        self, encoding: PictureEncoding | None, picture: SourcePicture | None
    ) -> Posterior | None:
        if encoding is None or picture is None:
            return None
        (rows, columns, _), (height, width) = picture.pixels.shape, encoding.size
        if (rows, columns) != (height, width):
            stretched = ", which changes its shape" if rows * width != columns * height else ""
            self._observer.note(
                f"The picture was resized from {columns} x {rows} to {width} x {height} pixels"
                + stretched
            )
        return encoding.encode(picture.pixels)

    def _checked(
        self, pipeline: LoadedPipeline, pixels: NDArray[np.uint8], *, seed: int, cut_prompt: str
    ) -> GeneratedImage:
        flagged = pipeline.safety_check is not None and pipeline.safety_check.flags(pixels)
        if flagged:
            self._observer.note(f"The safety checker blacked out the picture of seed {seed}")
        return GeneratedImage(
            pixels=np.zeros_like(pixels) if flagged else pixels,
            seed=seed,
            flagged=flagged,
            cut_prompt=cut_prompt,
        )

    def _load_networks(
        self,
        manifest: PipelineManifest,
        folder: Path,
        components: Sequence[Component],
        compute_unit: ComputeUnit,
    ) -> dict[Component, Network]:
        packages = {each: manifest.package(each, folder) for each in components}
        networks: dict[Component, Network] = {}
        with self._observer.task("Loading", steps=len(packages)) as task:
            for component, package in packages.items():
                networks[component] = self._runtime.load(package, compute_unit)
                task.advance()
        return networks

    def _safety_check(
        self, manifest: PipelineManifest, folder: Path, networks: Mapping[Component, Network]
    ) -> SafetyCheck | None:
        network = networks.get(Component.SAFETY_CHECKER)
        if network is None:
            return None
        if manifest.facts.safety_preprocessing is None:
            problem = "does not say how the safety checker sees pictures"
            raise IncompleteModelFolder(folder, "pipeline.json", problem)
        return SafetyCheck(
            network=network,
            preprocessing=manifest.facts.safety_preprocessing,
            resizer=self._resizer,
        )

    def _picture_encoding(
        self, manifest: PipelineManifest, networks: Mapping[Component, Network]
    ) -> PictureEncoding | None:
        network = networks.get(Component.VAE_ENCODER)
        if network is None:
            return None
        return PictureEncoding(
            network=network, latent_scaling=_latent_scaling(manifest), resizer=self._resizer
        )


def _latent_scaling(manifest: PipelineManifest) -> LatentScaling:
    return LatentScaling(
        factor=manifest.facts.vae_scaling_factor, shift=manifest.facts.vae_shift_factor
    )


def _first_sample(
    scheduler: Scheduler, first: int, start: Start, posterior: Posterior | None
) -> Sample:
    """Noise alone, or the source picture under as much of it as the first step expects."""
    if posterior is None or start.posterior_noise is None:
        return scheduler.initial_noise_scale * start.noise
    return scheduler.noisy(posterior.sample(start.posterior_noise), start.noise, first)
