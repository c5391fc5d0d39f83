"""Arguments beside those of every picture: the sizes that XL is told, and what else diffusers has.

Of the latter those are taken that change nothing here; the others are refused by name.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypedDict

import attrs

from ..domain.errors import InvalidRequest
from ..domain.size_conditions import Pair, SizeConditions


class SizeArguments(TypedDict, total=False):
    """The sizes that Stable Diffusion XL is told, and the scores of its refiner."""

    original_size: Pair
    crops_coords_top_left: Pair
    target_size: Pair
    negative_original_size: Pair
    negative_crops_coords_top_left: Pair
    negative_target_size: Pair
    aesthetic_score: float
    negative_aesthetic_score: float


class FurtherArguments(SizeArguments, total=False):
    """These, and what programs for diffusers ask for that is done anyway."""

    return_dict: Literal[True]
    callback_on_step_end_tensor_inputs: Sequence[str]


_HANDED = ("latents", "denoised")
_SIZES = tuple(field.name for field in attrs.fields(SizeConditions))
_IP_ADAPTERS = "there are no IP-Adapters here"
_REFINER = "refiner_start says where the refiner takes over"
_ONE_PROMPT = "every text encoder reads the prompt"
_EVERY_STEP = "ControlNets guide every step; controlnet_conditioning_scale says how much"
#: By diffusers' name: the value that changes nothing, and what there is instead of others.
_OF_DIFFUSERS: dict[str, tuple[object, str]] = {
    "callback": (None, "callback_on_step_end is called after each step"),
    "callback_steps": (None, "callback_on_step_end is called after each step"),
    "control_guidance_end": (1.0, _EVERY_STEP),
    "control_guidance_start": (0.0, _EVERY_STEP),
    "cross_attention_kwargs": (None, "LoRAs are fused by `coreml-sd convert --lora`"),
    "denoising_end": (None, _REFINER),
    "denoising_start": (None, _REFINER),
    "ip_adapter_image": (None, _IP_ADAPTERS),
    "ip_adapter_image_embeds": (None, _IP_ADAPTERS),
    "masked_image_latents": (None, "image and mask_image say what is masked"),
    "negative_prompt_2": (None, _ONE_PROMPT),
    "original_inference_steps": (None, "timesteps says which steps are taken"),
    "padding_mask_crop": (None, "cut the picture and its mask before"),
    "prompt_2": (None, _ONE_PROMPT),
    "return_dict": (True, "pictures are the `images` of what is returned"),
}


def size_conditions(given: Mapping[str, object], others: Iterable[str]) -> SizeConditions:
    """The sizes among arguments; `others` are those that are told by parameters of their own.

    Raises InvalidRequest for what is asked as in diffusers and cannot be met, and TypeError for
    what nobody knows, with the nearest that is known.
    """
    sizes: dict[str, Any] = {}
    for name, value in given.items():
        if name in _SIZES:
            sizes[name] = value
        elif name == "callback_on_step_end_tensor_inputs":
            _require_handed(name, value)
        elif name in _OF_DIFFUSERS:
            unchanging, instead = _OF_DIFFUSERS[name]
            if value is not unchanging and (
                not isinstance(value, int | float) or value != unchanging
            ):
                raise InvalidRequest(name, f"such a value is for diffusers only; {instead}")
        else:
            known = (*others, *FurtherArguments.__annotations__)
            (near,) = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            raise TypeError(f"there is no argument {name!r}; the nearest is {near!r}")
    return SizeConditions(**sizes)


def _require_handed(argument: str, names: object) -> None:
    alone = isinstance(names, str) or not isinstance(names, Iterable)
    asked: Any = () if names is None else (names,) if alone else names
    for each in asked:
        if each not in _HANDED:
            problem = f"{each!r} is not handed to callbacks; {' and '.join(_HANDED)} always are"
            raise InvalidRequest(argument, problem)
