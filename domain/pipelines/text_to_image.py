"""Stable Diffusion 1.x and 2.x from text: encode the prompt, denoise latents, decode them."""

from collections.abc import Iterator

import attrs
import numpy as np
from numpy.typing import NDArray

from ..errors import PredictionError
from ..latents import LatentScaling
from ..pixels import to_bytes
from ..ports.networks import Network
from ..randomness.source import RandomSource
from ..schedulers.prediction import Sample
from ..schedulers.scheduler import Scheduler
from ..tokenizer.clip_tokenizer import ClipTokenizer, TokenIds
from .denoise import DenoisingStep, denoise, denoise_from
from .network_call import call, input_named
from .noise_prediction import noise_predictor


@attrs.frozen(kw_only=True)
class TextToImage:
    """The networks of a pipeline, and what they need to be put together.

    Shapes, batch sizes and element types are those that the networks declare.
    """

    tokenizer: ClipTokenizer
    text_encoder: Network = attrs.field(repr=False)
    unet: Network = attrs.field(repr=False)
    vae_decoder: Network = attrs.field(repr=False)
    latent_scaling: LatentScaling

    @property
    def latent_shape(self) -> tuple[int, int, int, int]:
        """One picture's latents: (1, channels, height, width)."""
        _, channels, height, width = input_named(self.unet, "sample").shape
        return 1, channels, height, width

    def tokenize(self, text: str) -> TokenIds:
        """The ids of a text, and what of it the text encoder has no place for."""
        _, length = input_named(self.text_encoder, "input_ids").shape
        return self.tokenizer.encode(text, length)

    def encode(self, *texts: TokenIds) -> Sample:
        """The hidden states of texts as the UNet takes them, (texts, width, 1, length)."""
        states = [
            call(self.text_encoder, input_ids=np.array([text.ids]))["last_hidden_state"]
            for text in texts
        ]
        return np.concatenate(states).transpose(0, 2, 1)[:, :, np.newaxis]

    def denoise(
        self,
        noise: Sample,
        scheduler: Scheduler,
        source: RandomSource | None = None,
        *,
        conditions: Sample,
        guidance_scale: float,
    ) -> Iterator[DenoisingStep]:
        """Denoise standard normal noise of `latent_shape` step by step.

        `conditions` are the encoded prompt, or a negative one and the prompt for guidance; a
        stochastic scheduler draws from the `source`.
        """
        predict = noise_predictor(self.unet, conditions, guidance_scale)
        return denoise(predict, scheduler, noise, source)

    def denoise_from(
        self,
        sample: Sample,
        scheduler: Scheduler,
        source: RandomSource | None = None,
        *,
        first: int,
        conditions: Sample,
        guidance_scale: float,
    ) -> Iterator[DenoisingStep]:
        """Lead a sample on that is as noisy as the step number `first` expects it.

        Everything else is as in `denoise`.
        """
        predict = noise_predictor(self.unet, conditions, guidance_scale)
        return denoise_from(predict, scheduler, sample, source, first=first)

    def decode(self, latents: Sample) -> NDArray[np.uint8]:
        """The picture of denoised latents, (height, width, 3) 8-bit red, green and blue.

        Raises PredictionError where the decoder's numbers overflowed.
        """
        outputs = call(self.vae_decoder, z=self.latent_scaling.for_vae(latents))
        image = outputs["image"]
        if not np.isfinite(image).all():
            problem = "its picture has values that are no numbers; convert it in float32 precision"
            raise PredictionError("VAE decoder", problem)
        return to_bytes(image)
