"""The arguments of Python under their own names in what is refused."""

import inspect
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest
from coreml_stable_diffusion import StableDiffusion, convert
from coreml_stable_diffusion.domain.drawable import require_drawable
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.request import GenerationRequest
from coreml_stable_diffusion.domain.size_conditions import SizeConditions
from coreml_stable_diffusion.entrypoints.argument_names import argument_of, naming_arguments
from coreml_stable_diffusion.entrypoints.further_arguments import FurtherArguments
from samples.model_folder import MANIFEST

ROOT = Path(__file__).parents[2]
ARGUMENTS = {*inspect.signature(StableDiffusion.__call__).parameters} | {
    *FurtherArguments.__annotations__
}
#: Where requests are refused by the names of options.
FILES = (
    "application/settled_request.py",
    "domain/drawable.py",
    "domain/pictures/control_picture.py",
    "domain/pictures/picture_size.py",
    "domain/pictures/source_picture.py",
    "domain/pipelines/text_encoding.py",
    "domain/randomness/source.py",
    "domain/request.py",
    "domain/schedulers/*.py",
    "domain/unet_kind.py",
)
OPTIONS = {
    option
    for pattern in FILES
    for file in ROOT.glob(pattern)
    for option in re.findall(r'"(--[a-z-]+|PROMPT)"', file.read_text())
}


@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_every_option_of_a_request_is_an_argument(option: str) -> None:
    assert argument_of(option) in ARGUMENTS


@pytest.mark.parametrize("name", [each.name for each in attrs.fields(SizeConditions)])
def test_what_no_model_is_told_is_named_as_the_argument(name: str) -> None:
    told: dict[str, Any] = {name: 1.0 if name.endswith("score") else (1, 1)}
    request = GenerationRequest(prompt="", seed=1, sizes=SizeConditions(**told))

    with pytest.raises(InvalidRequest) as refused:
        require_drawable(MANIFEST, request)
    assert argument_of(refused.value.option) == name


def test_there_are_options() -> None:
    assert len(OPTIONS) > 15


def test_what_is_refused_is_told_by_the_arguments_name() -> None:
    refusal = InvalidRequest("--images", "0 is less than 1")

    with pytest.raises(InvalidRequest) as told, naming_arguments():
        raise refusal

    assert (told.value.option, told.value.problem) == ("num_images_per_prompt", refusal.problem)


@pytest.mark.parametrize(
    "use", [StableDiffusion.from_pretrained, partial(convert, destination="never-written")]
)
def test_models_that_cannot_be_met_are_told_by_the_arguments_name(use: Callable[..., Any]) -> None:
    with pytest.raises(InvalidRequest, match=r"^revision: pocket comes with this program"):
        use("pocket", revision="v1", quiet=True)
