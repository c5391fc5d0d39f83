"""Fits the map from latents to colours by which `domain/pipelines/preview.py` shows them.

Encodes pictures of the pocket model's world, averages the pixels of each latent, and solves the
least squares: python benchmarks/preview_factors.py
"""

import numpy as np
from coreml_stable_diffusion.adapters.pocket.pocket_source import NAME, PocketSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.pictures.pixels import from_bytes
from coreml_stable_diffusion.domain.pipelines.preview import terms
from coreml_stable_diffusion.domain.pocket.drawing import draw
from coreml_stable_diffusion.domain.pocket.scene import Combination, Scene, held_out_combinations

SIZE = 128
#: Latents under a little noise fit too, since those of a step are never as clean as a picture's.
NOISE, COPIES = 0.15, 8
TERMS = 15


def main() -> None:
    """Print the factors, and how much of the colours' variance they explain."""
    import torch
    from diffusers import AutoencoderKL

    checkpoint = PocketSource(DiffusersFolder()).open(NAME)
    vae = AutoencoderKL.from_pretrained(checkpoint.folder / "vae").eval()
    latents, colours = [], []
    rng = np.random.default_rng(0)
    for combination in held_out_combinations():
        image = from_bytes(_picture(combination, rng))
        with torch.inference_mode():
            mean = vae.encode(torch.from_numpy(image)).latent_dist.mean.numpy()
        latents.append(mean[0].reshape(4, -1) * checkpoint.facts.vae_scaling_factor)
        side = SIZE // mean.shape[2]
        averaged = image.reshape(3, SIZE // side, side, SIZE // side, side).mean(axis=(2, 4))
        colours.append(averaged.reshape(3, -1))
    clean, outputs = np.concatenate(latents, axis=1), np.concatenate(colours, axis=1).T
    noisy = [clean + NOISE * rng.standard_normal(clean.shape) for _ in range(COPIES)]
    inputs = terms(np.concatenate(noisy, axis=1), TERMS).T
    factors, *_ = np.linalg.lstsq(inputs, np.concatenate([outputs] * COPIES), rcond=None)
    shown = np.clip(terms(clean, TERMS).T @ factors, -1, 1)
    rest = ((shown - outputs) ** 2).sum() / ((outputs - outputs.mean(0)) ** 2).sum()
    for row in factors:
        print("    (" + ", ".join(f"{each:.3f}" for each in row) + "),")
    print(f"# explains {1 - rest:.1%} of the variance of {len(outputs)} colours")


def _picture(combination: Combination, rng: np.random.Generator) -> np.ndarray:
    x, y = rng.uniform(0.3, 0.7, 2)
    radius = rng.uniform(0.15, 0.3)
    return draw(Scene(combination=combination, radius=radius, centre_x=x, centre_y=y), SIZE)


if __name__ == "__main__":
    main()
