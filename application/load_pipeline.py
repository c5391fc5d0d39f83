"""Make a folder of converted packages ready to draw with."""

from pathlib import Path

import attrs

from ..domain.component import Component
from ..domain.coreml.compute_unit import ComputeUnit
from ..domain.errors import IncompleteModelFolder
from ..domain.latents import LatentScaling
from ..domain.pipeline_manifest import PipelineManifest
from ..domain.pipelines.picture_decoding import PictureDecoding
from ..domain.pipelines.picture_encoding import PictureEncoding
from ..domain.pipelines.safety_check import SafetyCheck
from ..domain.pipelines.text_encoding import TextEncoder, TextEncoding
from ..domain.ports.images import ImageResizer
from ..domain.ports.model_folders import ModelFolders
from ..domain.ports.networks import Network, NetworkRuntime
from ..domain.ports.observing import Observer
from ..domain.tokenizer.clip_tokenizer import ClipTokenizer
from ..domain.tokenizer.vocabulary import Vocabulary
from .networks import Networks


@attrs.frozen(kw_only=True)
class LoadedPipeline:
    """A model folder whose networks predict as often as wanted, loaded or about to be.

    Where the folder lacks the VAE encoder, or the safety checker or the wish for it, they are None.
    """

    manifest: PipelineManifest
    networks: Networks = attrs.field(eq=False)
    text_encoding: TextEncoding
    unet: Network = attrs.field(repr=False)
    picture_decoding: PictureDecoding
    picture_encoding: PictureEncoding | None
    safety_check: SafetyCheck | None

    @property
    def drawing_components(self) -> tuple[Component, ...]:
        """The networks that no picture is drawn without."""
        checked = () if self.safety_check is None else (Component.SAFETY_CHECKER,)
        return (Component.TEXT_ENCODER, Component.UNET, Component.VAE_DECODER, *checked)


class LoadPipeline:
    """Reads what stands beside the packages, and puts the networks together."""

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

    def __call__(
        self,
        folder: Path,
        *,
        compute_unit: ComputeUnit = ComputeUnit.ALL,
        check_safety: bool = True,
        low_memory: bool = False,
    ) -> LoadedPipeline:
        """Put a folder's pipeline together; its networks load when they are first needed.

        Raises NotAModelFolder, IncompleteModelFolder and MissingComponent.
        """
        manifest = self._model_folders.read_manifest(folder)
        networks = Networks(
            runtime=self._runtime,
            observer=self._observer,
            manifest=manifest,
            folder=folder,
            compute_unit=compute_unit,
            low_memory=low_memory,
        )
        scaling = LatentScaling(
            factor=manifest.facts.vae_scaling_factor, shift=manifest.facts.vae_shift_factor
        )
        return LoadedPipeline(
            manifest=manifest,
            networks=networks,
            text_encoding=_text_encoding(
                manifest, networks, self._model_folders.read_vocabulary(folder)
            ),
            unet=networks.of(Component.UNET),
            picture_decoding=PictureDecoding(
                network=networks.of(Component.VAE_DECODER), latent_scaling=scaling
            ),
            picture_encoding=self._picture_encoding(manifest, networks, scaling),
            safety_check=self._safety_check(manifest, folder, networks) if check_safety else None,
        )

    def _picture_encoding(
        self, manifest: PipelineManifest, networks: Networks, scaling: LatentScaling
    ) -> PictureEncoding | None:
        if manifest.record(Component.VAE_ENCODER) is None:
            return None
        return PictureEncoding(
            network=networks.of(Component.VAE_ENCODER),
            latent_scaling=scaling,
            resizer=self._resizer,
        )

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


def _text_encoding(
    manifest: PipelineManifest, networks: Networks, vocabulary: Vocabulary
) -> TextEncoding:
    tokenizer = ClipTokenizer(vocabulary=vocabulary, padding_token=manifest.facts.padding_token)
    network = networks.of(Component.TEXT_ENCODER)
    return TextEncoding(encoders=(TextEncoder(tokenizer=tokenizer, network=network),))
