"""The same pictures twice: by diffusers on PyTorch, and by the converted pocket model."""

from collections.abc import Sequence
from pathlib import Path

import attrs
import numpy as np
import torch
from coreml_stable_diffusion import StableDiffusion
from coreml_stable_diffusion.adapters.pocket.pocket_source import NAME, PocketSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.pocket.scene import Combination, held_out_combinations
from diffusers import DPMSolverMultistepScheduler, StableDiffusionPipeline
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

# Coprime to the number of combinations, so that a few orders already mix shapes and colours.
_STRIDE = 7


@attrs.frozen(kw_only=True)
class Order:
    """One picture to make: what it has to show, and the noise that it starts from."""

    combination: Combination
    seed: int

    @property
    def prompt(self) -> str:
        """The words for the combination."""
        return self.combination.caption()

    def latents(self) -> NDArray[np.float32]:
        """NumPy's normals of the seed, (1, 4, 16, 16)."""
        noise = np.random.RandomState(self.seed).standard_normal((1, 4, 16, 16))
        return noise.astype(np.float32)


def pocket() -> Checkpoint:
    """The checkpoint that both sides start from."""
    return PocketSource(DiffusersFolder()).open(NAME)


@attrs.frozen(kw_only=True)
class Settings:
    """What both sides are told."""

    steps: int = 25
    guidance_scale: float = attrs.field(factory=lambda: pocket().facts.guidance_scale)
    scheduler: str = "PNDM"


def orders(count: int) -> tuple[Order, ...]:
    """So many pictures of combinations that training never saw, each from noise of its own."""
    unseen = held_out_combinations()
    return tuple(
        Order(combination=unseen[index * _STRIDE % len(unseen)], seed=index)
        for index in range(count)
    )


def paint_with_diffusers(wanted: Sequence[Order], settings: Settings) -> list[Picture]:
    """Make the pictures with diffusers' pipeline in float32."""
    pipeline = StableDiffusionPipeline.from_pretrained(pocket().folder)
    pipeline.set_progress_bar_config(disable=True)
    if settings.scheduler == "DPMSolverMultistep":
        pipeline.scheduler = DPMSolverMultistepScheduler.from_config(pipeline.scheduler.config)
    painted = (
        pipeline(
            order.prompt,
            num_inference_steps=settings.steps,
            guidance_scale=settings.guidance_scale,
            latents=torch.from_numpy(order.latents()),
            output_type="np",
        ).images[0]
        for order in wanted
    )
    return [_to_bytes(picture) for picture in painted]


def paint_with_packages(
    wanted: Sequence[Order], settings: Settings, folder: Path | None
) -> list[Picture]:
    """Make the pictures with converted packages on the reference runtime."""
    pipeline = StableDiffusion.from_pretrained(folder or NAME, runtime="reference", quiet=True)
    painted = (
        pipeline(
            order.prompt,
            num_inference_steps=settings.steps,
            guidance_scale=settings.guidance_scale,
            scheduler=settings.scheduler,
            latents=order.latents(),
            output_type="np",
        ).images[0]
        for order in wanted
    )
    return [_to_bytes(picture) for picture in painted]


def _to_bytes(picture: NDArray[np.float32]) -> Picture:
    return (picture * 255).round().astype(np.uint8)
