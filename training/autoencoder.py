"""Trains the pocket model's VAE, then centres and scales its latents per channel."""

from collections.abc import Sequence

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import nn
from torch.nn import functional

from ..domain.pocket.scene import Combination
from .pictures import PICTURE_SIZE, pictures, random_scene

SCALING_FACTOR = 0.18215
_CROP = 64
_BATCH = 16
_WHOLE_BATCH = 4
_KL_WEIGHT = 5e-4
_POOL = 1500
_LEARNING_RATE = 2e-3


def build_autoencoder() -> AutoencoderKL:
    """The untrained VAE: Stable Diffusion's, with a sixty-fourth of its weights."""
    return AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(16, 32, 64, 64),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=16,
        sample_size=PICTURE_SIZE,
        scaling_factor=SCALING_FACTOR,
    )


def train_autoencoder(
    combinations: Sequence[Combination], *, crop_steps: int, whole_steps: int, seed: int
) -> AutoencoderKL:
    """Train on crops, which is cheap, then on whole pictures, whose attention it has to know."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    vae = build_autoencoder()
    pool = _pool(rng, combinations)
    steps = crop_steps + whole_steps
    optimizer = torch.optim.AdamW(vae.parameters(), lr=_LEARNING_RATE, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _LEARNING_RATE, steps, pct_start=0.05)
    for step in range(steps):
        whole = step >= crop_steps
        batch = _chosen(rng, pool, _WHOLE_BATCH if whole else _BATCH)
        loss = _loss(vae, batch if whole else _crops(rng, batch))
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            print(f"vae step {step}/{steps} loss {loss.item():.4f}", flush=True)
    return vae.eval()


def _pool(rng: np.random.Generator, combinations: Sequence[Combination]) -> torch.Tensor:
    chosen = rng.integers(len(combinations), size=_POOL)
    return pictures([random_scene(rng, combinations[index]) for index in chosen])


def _chosen(rng: np.random.Generator, pool: torch.Tensor, count: int) -> torch.Tensor:
    return pool[torch.from_numpy(rng.integers(len(pool), size=count))]


def _crops(rng: np.random.Generator, batch: torch.Tensor) -> torch.Tensor:
    tops, lefts = rng.integers(PICTURE_SIZE - _CROP + 1, size=(2, len(batch)))
    return torch.stack(
        [
            picture[:, top : top + _CROP, left : left + _CROP]
            for picture, top, left in zip(batch, tops, lefts, strict=True)
        ]
    )


def _loss(vae: AutoencoderKL, batch: torch.Tensor) -> torch.Tensor:
    posterior = vae.encode(batch).latent_dist
    error = functional.l1_loss(vae.decode(posterior.sample()).sample, batch)
    divergence: torch.Tensor = posterior.kl().mean() / posterior.mean[0].numel()
    return error + _KL_WEIGHT * divergence


@torch.no_grad()
def standardise_latents(vae: AutoencoderKL, batch: torch.Tensor) -> None:
    """Give every latent channel mean 0 and deviation 1 / scaling factor over these pictures.

    The change is exact: it is folded into the 1 x 1 convolutions on both sides of the latents.
    """
    means = vae.encode(batch).latent_dist.mean
    centre = means.mean(dim=(0, 2, 3))
    spread = means.std(dim=(0, 2, 3)) * SCALING_FACTOR
    quant, post_quant = vae.quant_conv, vae.post_quant_conv
    post_quant.bias += (post_quant.weight[:, :, 0, 0] * centre).sum(dim=1)
    post_quant.weight *= spread[None, :, None, None]
    channels = len(centre)
    quant.weight[:channels] /= spread[:, None, None, None]
    quant.bias[:channels] = (quant.bias[:channels] - centre) / spread
    quant.bias[channels:] -= 2 * spread.log()
