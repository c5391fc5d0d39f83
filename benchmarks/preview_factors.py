"""Fits the linear map from latents to colours by which `domain/preview.py` shows them.

Encodes pictures of the pocket model's world, averages the pixels of each latent, and solves the
least squares: python benchmarks/preview_factors.py
"""

import numpy as np
from coreml_stable_diffusion.adapters.pocket.pocket_source import NAME, PocketSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.pictures.pixels import from_bytes
from coreml_stable_diffusion.domain.pocket.drawing import draw
from coreml_stable_diffusion.domain.pocket.scene import Combination, Scene, held_out_combinations

SIZE = 128


def main() -> None:
    """Print the factors, and how much of the colours' variance they explain."""
    import torch
    from diffusers import AutoencoderKL

    checkpoint = PocketSource(DiffusersFolder()).open(NAME)
    vae = AutoencoderKL.from_pretrained(checkpoint.folder / "vae").eval()
    rows, colours = [], []
    rng = np.random.default_rng(0)
    for combination in held_out_combinations():
        image = from_bytes(_picture(combination, rng))
        with torch.inference_mode():
            latents = vae.encode(torch.from_numpy(image)).latent_dist.mean.numpy()
        latents = latents * checkpoint.facts.vae_scaling_factor
        side = SIZE // latents.shape[2]
        averaged = image.reshape(3, SIZE // side, side, SIZE // side, side).mean(axis=(2, 4))
        rows.append(np.pad(latents[0].reshape(4, -1).T, ((0, 0), (0, 1)), constant_values=1))
        colours.append(averaged.reshape(3, -1).T)
    inputs, outputs = np.concatenate(rows), np.concatenate(colours)
    factors, *_ = np.linalg.lstsq(inputs, outputs, rcond=None)
    rest = ((inputs @ factors - outputs) ** 2).sum() / ((outputs - outputs.mean(0)) ** 2).sum()
    for row in factors:
        print("    (" + ", ".join(f"{each:.3f}" for each in row) + "),")
    print(f"# explains {1 - rest:.1%} of the variance of {len(outputs)} colours")


def _picture(combination: Combination, rng: np.random.Generator) -> np.ndarray:
    x, y = rng.uniform(0.3, 0.7, 2)
    radius = rng.uniform(0.15, 0.3)
    return draw(Scene(combination=combination, radius=radius, centre_x=x, centre_y=y), SIZE)


if __name__ == "__main__":
    main()
