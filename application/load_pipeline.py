"""Make a folder of converted packages ready to draw with."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import final

import attrs

from ..domain.component import Component
from ..domain.coreml.compute_unit import ComputeUnit
from ..domain.errors import IncompleteModelFolder, InvalidRequest
from ..domain.model_facts import ModelFacts, ModelFamily
from ..domain.pipeline_manifest import PipelineManifest
from ..domain.pipelines.latents import LatentScaling
from ..domain.pipelines.picture_decoding import PictureDecoding
from ..domain.pipelines.picture_encoding import PictureEncoding
from ..domain.pipelines.safety_check import SafetyCheck
from ..domain.pipelines.text_encoding import XL_OUTPUT, TextEncoder, TextEncoding
from ..domain.ports.checkpoints import CheckpointSource
from ..domain.ports.images import ImageResizer
from ..domain.ports.model_folders import ModelFolders
from ..domain.ports.networks import NetworkRuntime
from ..domain.ports.observing import Observer
from ..domain.tokenizer.clip_tokenizer import ClipTokenizer
from ..domain.tokenizer.vocabulary import Vocabulary
from .networks import Networks
from .sources import source_of


@attrs.frozen(kw_only=True)
class LoadedPipeline:
    """A model folder whose networks predict as often as wanted, loaded or about to be.

    `text_encoders` are in their order, one for most models and two for Stable Diffusion XL. The
    safety check is None where there is no checker or nobody wants it.
    """

    manifest: PipelineManifest
    networks: Networks = attrs.field(eq=False)
    text_encoders: Mapping[Component, TextEncoder]
    resizer: ImageResizer = attrs.field(repr=False)
    safety_check: SafetyCheck | None

    @property
    def facts(self) -> ModelFacts:
        """What is known of the model."""
        return self.manifest.facts

    @property
    def text_encoding(self) -> TextEncoding:
        """How the UNet takes texts."""
        encoders = tuple(self.text_encoders.values())
        return TextEncoding(encoders=encoders, pools=self.facts.family.is_xl)

    @property
    def refiner_text_encoding(self) -> TextEncoding:
        """How the refiner takes texts, which knows the last encoder alone."""
        *_, last = self.text_encoders.values()
        return TextEncoding(encoders=(last,), pools=True)

    @property
    def latent_scaling(self) -> LatentScaling:
        """Between the VAE's latents and the UNet's."""
        return LatentScaling(
            factor=self.facts.vae_scaling_factor, shift=self.facts.vae_shift_factor
        )

    @property
    def picture_decoding(self) -> PictureDecoding:
        """The VAE decoder. Raises MissingComponent."""
        network = self.networks.of(Component.VAE_DECODER)
        return PictureDecoding(network=network, latent_scaling=self.latent_scaling)

    @property
    def picture_encoding(self) -> PictureEncoding:
        """The VAE encoder. Raises MissingComponent."""
        network = self.networks.of(Component.VAE_ENCODER)
        return PictureEncoding(network=network, latent_scaling=self.latent_scaling)

    @property
    def drawing_components(self) -> tuple[Component, ...]:
        """The networks of a picture that is drawn from a prompt alone, as far as one can be.

        Apple's tool makes folders that have only the UNet that ControlNets guide.
        """
        checked = () if self.safety_check is None else (Component.SAFETY_CHECKER,)
        has = {each.component for each in self.manifest.packages}
        only_guided = Component.CONTROL_UNET in has and Component.UNET not in has
        unet = Component.CONTROL_UNET if only_guided else Component.UNET
        return (*self.text_encoders, unet, Component.VAE_DECODER, *checked)


@final
class LoadPipeline:
    """Reads what stands beside the packages, and puts the networks together."""

    def __init__(
        self,
        *,
        model_folders: ModelFolders,
        configurations: Sequence[CheckpointSource],
        runtime: NetworkRuntime,
        resizer: ImageResizer,
        observer: Observer,
    ) -> None:
        self._model_folders = model_folders
        self._configurations = configurations
        self._runtime = runtime
        self._resizer = resizer
        self._observer = observer

    def __call__(
        self,
        folder: Path,
        *,
        model_version: str | None = None,
        compute_unit: ComputeUnit = ComputeUnit.ALL,
        check_safety: bool = True,
        low_memory: bool = False,
    ) -> LoadedPipeline:
        """Put a folder's pipeline together; its networks load when they are first needed.

        Of packages that others made, `model_version` is the checkpoint whose configuration and
        tokenizer they go with. Raises NotAModelFolder, IncompleteModelFolder, MissingComponent,
        CheckpointError, and InvalidRequest for the version of packages that say what they are.
        """
        manifest, vocabulary = self._known(folder, model_version)
        networks = Networks(
            runtime=self._runtime,
            observer=self._observer,
            manifest=manifest,
            folder=folder,
            compute_unit=compute_unit,
            low_memory=low_memory,
        )
        pipeline = LoadedPipeline(
            manifest=manifest,
            networks=networks,
            text_encoders=_text_encoders(manifest.facts, networks, vocabulary),
            resizer=self._resizer,
            safety_check=self._safety_check(manifest, folder, networks) if check_safety else None,
        )
        for component in pipeline.drawing_components:
            networks.of(component)
        return pipeline

    def _known(
        self, folder: Path, model_version: str | None
    ) -> tuple[PipelineManifest, Vocabulary]:
        """What stands beside the packages, and of the checkpoint what does not."""
        manifest = self._model_folders.read_manifest(folder)
        if manifest.is_own:
            if model_version is not None:
                problem = f"{folder} has a pipeline.json, which says that already; leave it out"
                raise InvalidRequest("--model-version", problem)
            return manifest, self._model_folders.read_vocabulary(folder)
        if model_version is None:
            return manifest, self._vocabulary(folder)
        checkpoint = source_of(self._configurations, model_version).open(model_version)
        facts = checkpoint.facts.for_packages(manifest.facts)
        described = attrs.evolve(manifest, facts=facts)
        return described, self._model_folders.read_vocabulary(checkpoint)

    def _vocabulary(self, folder: Path) -> Vocabulary:
        try:
            return self._model_folders.read_vocabulary(folder)
        except IncompleteModelFolder as error:
            mend = "say of which checkpoint the packages are with --model-version MODEL"
            raise IncompleteModelFolder(folder, error.file, error.problem, mend) from error

    def _safety_check(
        self, manifest: PipelineManifest, folder: Path, networks: Networks
    ) -> SafetyCheck | None:
        if manifest.record(Component.SAFETY_CHECKER) is None:
            return None
        if manifest.facts.safety_preprocessing is None:
            problem = "does not say how the safety checker sees pictures"
            raise IncompleteModelFolder(folder, "pipeline.json", problem)
        return SafetyCheck(
            network=networks.of(Component.SAFETY_CHECKER),
            preprocessing=manifest.facts.safety_preprocessing,
            resizer=self._resizer,
        )


_TEXT_ENCODERS = {
    ModelFamily.SDXL: (Component.TEXT_ENCODER, Component.TEXT_ENCODER_2),
    ModelFamily.SDXL_REFINER: (Component.TEXT_ENCODER_2,),
}


def _text_encoders(
    facts: ModelFacts, networks: Networks, vocabulary: Vocabulary
) -> dict[Component, TextEncoder]:
    padding_tokens = {
        Component.TEXT_ENCODER: facts.padding_token,
        Component.TEXT_ENCODER_2: facts.padding_token_2 or facts.padding_token,
    }
    return {
        component: TextEncoder(
            tokenizer=ClipTokenizer(vocabulary=vocabulary, padding_token=padding_tokens[component]),
            network=networks.of(component),
            output=XL_OUTPUT if facts.family.is_xl else "last_hidden_state",
        )
        for component in _TEXT_ENCODERS.get(facts.family, (Component.TEXT_ENCODER,))
    }
