"""What Python's callers call that which is refused by the name of a command line's option."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..domain.errors import InvalidRequest

#: Where the option's words are not the argument's: diffusers has longer names.
_ARGUMENTS = {
    "PROMPT": "prompt",
    "--control-scale": "controlnet_conditioning_scale",
    "--crop-top-left": "crops_coords_top_left",
    "--images": "num_images_per_prompt",
    "--mask": "mask_image",
    "--negative-crop-top-left": "negative_crops_coords_top_left",
    "--steps": "num_inference_steps",
}


@contextmanager
def naming_arguments() -> Iterator[None]:
    """Let an InvalidRequest that is raised within name the argument."""
    try:
        yield
    except InvalidRequest as error:
        raise InvalidRequest(argument_of(error.option), error.problem) from error


def argument_of(option: str) -> str:
    """The argument of an option; what is no option keeps its name.

    >>> argument_of("--steps"), argument_of("--guidance-scale"), argument_of("latents")
    ('num_inference_steps', 'guidance_scale', 'latents')
    """
    return _ARGUMENTS.get(option, option.removeprefix("--").replace("-", "_"))
