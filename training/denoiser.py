"""Trains the pocket model's text encoder and UNet together, on latents that were encoded once.

Predicts v (Salimans and Ho 2022, arXiv 2202.00512), which binds colours early. Every noise level
then weighs in by the inverse of what it still costs (after Karras et al. 2024, arXiv 2312.02696):
the levels at which shapes are decided are not drowned by those at which little can be known.
"""

from collections.abc import Sequence
from pathlib import Path

import attrs
import torch
from diffusers import AutoencoderKL, PNDMScheduler, UNet2DConditionModel
from diffusers.training_utils import EMAModel
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from .pictures import PICTURE_SIZE

TEXT_LENGTH = 77
_TEXT_WIDTH = 128
_BATCH = 16
_LEARNING_RATE = 8e-4
_WARM_UP_STEPS = 300
_CAPTION_DROPOUT = 0.1
_AVERAGE_DECAY = 0.999
_NOISE_BANDS = 20
_SAVE_EVERY = 500


def build_scheduler() -> PNDMScheduler:
    """Stable Diffusion's PNDM with a noisier end, where a 16 x 16 latent is all noise."""
    scheduler = PNDMScheduler(
        num_train_timesteps=1000,
        beta_start=0.00085,
        beta_end=0.02,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        skip_prk_steps=True,
        set_alpha_to_one=False,
        steps_offset=1,
    )
    # For who draws with DDIM instead, which would cut latents off at 1.
    scheduler.register_to_config(clip_sample=False)
    return scheduler


def build_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """The untrained text encoder."""
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=_TEXT_WIDTH,
            intermediate_size=4 * _TEXT_WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=TEXT_LENGTH,
            projection_dim=_TEXT_WIDTH,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def build_unet() -> UNet2DConditionModel:
    """The untrained UNet: Stable Diffusion's blocks on three levels, 16, 8 and 4 latents wide."""
    return UNet2DConditionModel(
        sample_size=PICTURE_SIZE // 8,
        in_channels=4,
        out_channels=4,
        layers_per_block=1,
        block_out_channels=(64, 96, 96),
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=_TEXT_WIDTH,
        attention_head_dim=4,
        norm_num_groups=32,
    )


class Denoiser(nn.Module):
    """Text encoder and UNet as the one thing that is trained."""

    def __init__(self, tokenizer: CLIPTokenizer) -> None:
        super().__init__()
        self.text_encoder = build_text_encoder(tokenizer)
        self.unet = build_unet()

    def forward(
        self, latents: torch.Tensor, timesteps: torch.Tensor, tokens: torch.Tensor
    ) -> torch.Tensor:
        """Predict v for (batch, 4, 16, 16) latents under (batch, 77) tokens."""
        states = self.text_encoder(tokens).last_hidden_state
        predicted: torch.Tensor = self.unet(latents, timesteps, states).sample
        return predicted


@attrs.frozen(kw_only=True)
class LatentPictures:
    """Training data: scaled latents (count, 4, 16, 16) and the tokens (count, 77) of captions."""

    latents: torch.Tensor
    tokens: torch.Tensor
    no_tokens: torch.Tensor


@torch.no_grad()
def encode(vae: AutoencoderKL, batch: torch.Tensor) -> torch.Tensor:
    """The scaled latents of pictures from -1 to 1."""
    latents: torch.Tensor = vae.encode(batch).latent_dist.mean * vae.config.scaling_factor
    return latents


def tokenize(tokenizer: CLIPTokenizer, captions: Sequence[str]) -> torch.Tensor:
    """The captions' tokens, padded to (count, 77)."""
    encoded = tokenizer(
        list(captions),
        padding="max_length",
        max_length=TEXT_LENGTH,
        truncation=True,
        return_tensors="pt",
    )
    tokens: torch.Tensor = encoded.input_ids
    return tokens


class NoiseBands:
    """What the prediction at each noise level costs at present, as a running mean."""

    def __init__(self, timesteps: int) -> None:
        self.costs = torch.ones(_NOISE_BANDS)
        self._width = timesteps / _NOISE_BANDS

    def weigh(self, timesteps: torch.Tensor, losses: torch.Tensor) -> torch.Tensor:
        """The weighted mean of (batch,) losses, which are remembered for the next weighing."""
        bands = (timesteps / self._width).long()
        for band, loss in zip(bands.tolist(), losses.detach().tolist(), strict=True):
            self.costs[band] += 0.02 * (loss - self.costs[band])
        return (losses / self.costs[bands].clamp(min=0.02)).mean()


class Training:
    """The state of a training run, which can be kept in a file and taken up again."""

    def __init__(self, tokenizer: CLIPTokenizer, seed: int) -> None:
        torch.manual_seed(seed)
        self.denoiser = Denoiser(tokenizer)
        self.average = EMAModel(self.denoiser.parameters(), decay=_AVERAGE_DECAY)
        self.optimizer = torch.optim.AdamW(
            self.denoiser.parameters(), lr=_LEARNING_RATE, weight_decay=1e-3, betas=(0.9, 0.99)
        )
        self.scheduler = build_scheduler()
        self.bands = NoiseBands(self.scheduler.config.num_train_timesteps)
        self.step = 0

    def run(
        self, data: LatentPictures, *, steps: int, cool_down_steps: int, kept_in: Path
    ) -> Denoiser:
        """Train until `steps` are done and return the averaged denoiser.

        The learning rate stays level and falls to zero over the last `cool_down_steps`.
        """
        if kept_in.exists():
            self._load(kept_in)
        while self.step < steps:
            rate = min(1.0, (self.step + 1) / _WARM_UP_STEPS)
            rate *= min(1.0, (steps - self.step) / cool_down_steps)
            for group in self.optimizer.param_groups:
                group["lr"] = _LEARNING_RATE * rate
            loss = self._train_on(*self._batch(data))
            self.step += 1
            if self.step % 100 == 0:
                costs = " ".join(f"{cost:.3f}" for cost in self.bands.costs[1::3].tolist())
                print(
                    f"denoiser step {self.step}/{steps} loss {loss:.3f} by noise {costs}",
                    flush=True,
                )
            if self.step % _SAVE_EVERY == 0:
                self._save(kept_in)
        self.average.copy_to(self.denoiser.parameters())
        return self.denoiser.eval()

    def _batch(self, data: LatentPictures) -> tuple[torch.Tensor, torch.Tensor]:
        chosen = torch.randint(len(data.latents), (_BATCH,))
        dropped = torch.rand(_BATCH) < _CAPTION_DROPOUT
        tokens = torch.where(dropped[:, None], data.no_tokens, data.tokens[chosen])
        return data.latents[chosen], tokens

    def _train_on(self, latents: torch.Tensor, tokens: torch.Tensor) -> float:
        timesteps = torch.randint(self.scheduler.config.num_train_timesteps, (len(latents),))
        noise = torch.randn_like(latents)
        noisy = self.scheduler.add_noise(latents, noise, timesteps)
        kept = self.scheduler.alphas_cumprod[timesteps][:, None, None, None]
        wanted = kept.sqrt() * noise - (1 - kept).sqrt() * latents
        predicted = self.denoiser(noisy, timesteps, tokens)
        losses = (predicted - wanted).square().mean(dim=(1, 2, 3))
        loss = self.bands.weigh(timesteps, losses)
        self.optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self.denoiser.parameters(), 1.0)
        self.optimizer.step()
        self.average.step(self.denoiser.parameters())
        return float(losses.detach().mean())

    def _save(self, path: Path) -> None:
        unfinished = path.with_suffix(".unfinished")
        torch.save(
            {
                "denoiser": self.denoiser.state_dict(),
                "average": self.average.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "costs": self.bands.costs,
                "random": torch.get_rng_state(),
                "step": self.step,
            },
            unfinished,
        )
        unfinished.replace(path)

    def _load(self, path: Path) -> None:
        kept = torch.load(path, weights_only=True)
        self.denoiser.load_state_dict(kept["denoiser"])
        self.average.load_state_dict(kept["average"])
        self.optimizer.load_state_dict(kept["optimizer"])
        self.bands.costs = kept["costs"]
        torch.set_rng_state(kept["random"])
        self.step = kept["step"]
