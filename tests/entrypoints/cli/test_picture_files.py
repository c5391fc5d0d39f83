"""What pictures are called."""

from pathlib import Path

import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.entrypoints.cli.picture_files import picture_files
from hypothesis import given
from hypothesis import strategies as st


def test_one_picture_gets_the_very_name_that_was_asked_for() -> None:
    assert picture_files(Path("a/b.PNG"), prompt="", seed=0, count=1) == (Path("a/b.PNG"),)


def test_more_pictures_are_numbered_from_two() -> None:
    files = picture_files(Path("a/b.c.png"), prompt="", seed=0, count=3)

    assert files == (Path("a/b.c.png"), Path("a/b.c-2.png"), Path("a/b.c-3.png"))


def test_without_a_name_the_prompt_and_the_seed_make_one() -> None:
    files = picture_files(None, prompt="A red circle, on a blue background!", seed=7, count=1)

    assert files == (Path("a-red-circle-on-a-blue-background-7.png"),)


@pytest.mark.parametrize("name", ["a.jpg", "a", "a.png.txt"])
def test_only_png_files_are_written(name: str) -> None:
    with pytest.raises(InvalidRequest, match=r"--output: .* PNG"):
        picture_files(Path(name), prompt="", seed=0, count=1)


@given(prompt=st.text(), count=st.integers(min_value=1, max_value=4))
def test_any_prompt_makes_different_short_names_in_this_folder(prompt: str, count: int) -> None:
    files = picture_files(None, prompt=prompt, seed=2**32 - 1, count=count)

    assert len(set(files)) == count
    assert all(file.parent == Path() and len(file.name) < 90 for file in files)
