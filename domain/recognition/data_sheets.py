"""What the configurations of Stable Diffusion's own checkpoints say and their networks do not."""

from collections.abc import Mapping

import attrs

from ..model_facts import Config, ModelFamily
from ..tokenizer.vocabulary import END_OF_TEXT

# Of every checkpoint, whichever scheduler draws: latents are no pixels, which go no farther than 1.
_USUAL: Config = {
    "prediction_type": "epsilon",
    "num_train_timesteps": 1000,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "steps_offset": 1,
    "clip_sample": False,
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
}
#: The schedulers of the first two families and of Stable Diffusion XL.
PNDM: Config = {"_class_name": "PNDMScheduler", **_USUAL}
EULER: Config = {
    "_class_name": "EulerDiscreteScheduler",
    "timestep_spacing": "leading",
    **_USUAL,
}
# The only one of the family that predicts velocities was trained for pictures this large.
_VELOCITY_FROM = 96
_EXCLAMATION_MARK = "!"


@attrs.frozen(kw_only=True)
class DataSheet:
    """The facts that are alike in all checkpoints of a family."""

    scheduler: Config
    vae_scaling_factor: float = 0.18215
    padding_token: str = END_OF_TEXT
    padding_token_2: str | None = None
    force_zeros_for_empty_prompt: bool = False


def data_sheet(family: ModelFamily, latent_size: tuple[int, int]) -> DataSheet:
    """The family's data sheet, for latents of this height and width in latent pixels."""
    sheet = _DATA_SHEETS[family]
    if family is ModelFamily.SD2 and max(latent_size) >= _VELOCITY_FROM:
        return attrs.evolve(sheet, scheduler={**PNDM, "prediction_type": "v_prediction"})
    return sheet


_XL = DataSheet(
    scheduler=EULER,
    vae_scaling_factor=0.13025,
    padding_token_2=_EXCLAMATION_MARK,
    force_zeros_for_empty_prompt=True,
)
_DATA_SHEETS: Mapping[ModelFamily, DataSheet] = {
    ModelFamily.SD1: DataSheet(scheduler=PNDM),
    ModelFamily.SD2: DataSheet(scheduler=PNDM, padding_token=_EXCLAMATION_MARK),
    ModelFamily.SDXL: _XL,
    ModelFamily.SDXL_REFINER: attrs.evolve(_XL, force_zeros_for_empty_prompt=False),
}
