"""What pictures are called."""

import time
from pathlib import Path

import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.entrypoints.cli.picture_files import Subject, picture_files
from hypothesis import given
from hypothesis import strategies as st

CIRCLE = Subject(prompt="A red circle, on a blue background!", seed=7)
STAR = Subject(prompt="star", seed=8)


def named(pattern: str | None, *subjects: Subject) -> list[str]:
    return [
        str(file) for file in picture_files(None if pattern is None else Path(pattern), subjects)
    ]


def test_one_picture_gets_the_very_name_that_was_asked_for() -> None:
    assert named("a/b.PNG", CIRCLE) == ["a/b.PNG"]


def test_more_pictures_are_numbered_from_two() -> None:
    assert named("a/b.c.png", *[CIRCLE] * 3) == ["a/b.c.png", "a/b.c-2.png", "a/b.c-3.png"]


def test_without_a_name_the_prompt_and_the_seed_make_one() -> None:
    assert named(None, CIRCLE, STAR) == ["a-red-circle-on-a-blue-background-7.png", "star-8.png"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("out/{seed}-{index}-{prompt}.png", "out/8-2-star.png"),
        ("{index:03}.png", "002.png"),
        ("{seed:6d}.png", "     8.png"),
        ("{{{seed}}}.png", "{8}.png"),
        ("../{prompt}/{index}.png", "../star/2.png"),
    ],
)
def test_a_pattern_names_every_picture(pattern: str, expected: str) -> None:
    assert named(pattern, CIRCLE, STAR)[1] == expected


def test_no_picture_gets_the_name_of_another() -> None:
    subjects = [Subject(prompt=prompt, seed=1) for prompt in ("a", "a", "a 2", "A")]

    assert named("{prompt}.png", *subjects) == ["a.png", "a-2.png", "a-2-2.png", "a-3.png"]


def test_thousands_of_pictures_are_named_in_no_time() -> None:
    before = time.process_time()
    names = named("a.png", *[CIRCLE] * 5000)

    assert names[-1] == "a-5000.png"
    assert time.process_time() - before < 3


@pytest.mark.parametrize(
    "prompt", ["../../etc/passwd", "/etc/a", "a\0b\nc", "..", "\\\\host\\a", "-"]
)
def test_a_prompt_cannot_leave_the_folder(prompt: str) -> None:
    [file] = picture_files(Path("out/{prompt}.png"), [Subject(prompt=prompt, seed=1)])

    assert file.parent == Path("out")
    assert file.name.isprintable()
    assert not file.name.startswith(("-", "."))


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("a.jpg", "a.jpg is no PNG file"),
        ("a", "a is no PNG file"),
        ("a.png.txt", "a.png.txt is no PNG file"),
        ("a\n.png", "has characters that cannot be printed"),
        ("{model}.png", "{model} is not known; {prompt}, {seed} and {index} are"),
        ("{}.png", "{} is not known"),
        ("{seed.real}.png", "{seed.real} is not known"),
        ("{prompt[0]}.png", "{prompt[0]} is not known"),
        ("{prompt!r}.png", "{prompt} is not known"),
        ("{prompt:>9}.png", "{prompt:>9} is not known"),
        ("{seed:999999999}.png", "{seed:999999999} is not known"),
        ("{seed.png", "write {{ and }} for braces"),
    ],
)
def test_an_unsafe_name_is_refused(pattern: str, complaint: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        named(pattern, CIRCLE)

    assert str(refused.value).startswith("--output: ")
    assert complaint in str(refused.value)


@given(prompt=st.text(), count=st.integers(min_value=1, max_value=4))
def test_any_prompt_makes_different_short_names_in_this_folder(prompt: str, count: int) -> None:
    files = picture_files(None, [Subject(prompt=prompt, seed=2**32 - 1)] * count)

    assert len(set(files)) == count
    assert all(file.parent == Path() and len(file.name) < 90 for file in files)
