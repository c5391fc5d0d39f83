"""What the pictures of one command are called."""

import itertools
import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs

from ...domain.errors import InvalidRequest

#: The name of whoever gives none.
_USUAL = "{prompt}-{seed}.png"
_LONGEST_WORDS = 50
#: How a number may be told, such as 4 digits with zeros before it.
_FORM = re.compile(r"0?\d?d?")


@attrs.frozen(kw_only=True)
class Subject:
    """What one picture of a command is of."""

    prompt: str
    seed: int


def picture_files(output: Path | None, subjects: Sequence[Subject]) -> tuple[Path, ...]:
    """The file of each picture, named by the pattern `output`; those of one name get numbers.

    A pattern may hold {prompt}, {seed} and {index}, the picture's number from 1 up. Raises
    InvalidRequest for other fields, and for names that are no PNG files or not safe to print.

    >>> circle = Subject(prompt="A red circle!", seed=7)
    >>> [str(file) for file in picture_files(None, [circle, circle])]
    ['a-red-circle-7.png', 'a-red-circle-7-2.png']
    >>> [str(file) for file in picture_files(Path("out/{index:03}.png"), [circle])]
    ['out/001.png']
    """
    pattern = _checked(str(output or _USUAL))
    return tuple(_numbered(_names(pattern, subjects)))


def require_kept(sources: Iterable[Path], files: Iterable[Path]) -> None:
    """Raise InvalidRequest where a picture would replace one that it is drawn from."""
    kept = {source.resolve() for source in sources}
    for file in files if kept else ():
        if file.resolve() in kept:
            raise _refused(f"{file} is a picture that is drawn from; give another name")


def grid_file(grid: Path | None, others: Iterable[Path]) -> Path | None:
    """Where all pictures go as one.

    Raises InvalidRequest for what is no PNG file or one of the others.
    """
    if grid is not None and grid.suffix.lower() != ".png":
        raise InvalidRequest("--grid", f"{grid} is no PNG file; let its name end in .png")
    if grid is not None and grid.resolve() in {other.resolve() for other in others}:
        raise InvalidRequest("--grid", f"{grid} is a picture of its own; give another name")
    return grid


def _checked(pattern: str) -> str:
    if not pattern.isprintable():
        raise _refused(f"{pattern!r} has characters that cannot be printed")
    if Path(pattern).suffix.lower() != ".png":
        raise _refused(f"{pattern} is no PNG file; let its name end in .png")
    try:
        pieces = list(string.Formatter().parse(pattern))
    except ValueError as error:
        raise _refused(f"{pattern}: {error}; write {{{{ and }}}} for braces") from error
    for _, field, form, conversion in pieces:
        if field is not None and (conversion or not _known(field, form or "")):
            told = f"{{{field}{':' * bool(form)}{form}}}"
            known = "{prompt}, {seed} and {index} are, the numbers with digits as in {index:03}"
            raise _refused(f"{pattern}: {told} is not known; {known}")
    return pattern


def _known(field: str, form: str) -> bool:
    if field == "prompt":
        return not form
    return field in ("seed", "index") and _FORM.fullmatch(form) is not None


def _names(pattern: str, subjects: Sequence[Subject]) -> Iterator[Path]:
    for index, subject in enumerate(subjects, start=1):
        values: Mapping[str, str | int] = {
            "prompt": _words(subject.prompt),
            "seed": subject.seed,
            "index": index,
        }
        yield Path(pattern.format(**values))


def _numbered(names: Iterator[Path]) -> Iterator[Path]:
    """The first of a name keeps it, the others become name-2 and so on."""
    taken: set[Path] = set()
    left: dict[Path, Iterator[Path]] = {}
    for name in names:
        if name not in left:
            left[name] = itertools.chain([name], _others(name))
        free = next(each for each in left[name] if each not in taken)
        taken.add(free)
        yield free


def _others(name: Path) -> Iterator[Path]:
    for number in itertools.count(2):
        yield name.with_stem(f"{name.stem}-{number}")


def _words(prompt: str) -> str:
    """Letters and digits of a prompt with hyphens between: safe in every folder."""
    words = re.sub(r"\W+", "-", prompt.lower()).strip("-")
    return words[:_LONGEST_WORDS].rstrip("-") or "picture"


def _refused(problem: str) -> InvalidRequest:
    return InvalidRequest("--output", problem)
