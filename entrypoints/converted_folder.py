"""The folder of packages behind what a user calls a model, converted where it has to be."""

import hashlib
import re
import threading
from collections.abc import Callable
from pathlib import Path

from ..domain.conversion.plan import ConversionPlan

#: Takes a model and its revision, and gives the folder of its networks where they were published.
Fetching = Callable[[str, str | None], Path | None]
#: Takes a model, the folder for its packages, the plan and the model's revision.
Conversion = Callable[[str, Path, ConversionPlan, str | None], object]

# What a folder of packages or bundles has, whoever made them.
_MARKS = ("pipeline.json", "*.mlpackage", "*.mlmodelc")
# coremltools fails in two threads at once, and the second finds what the first has made.
_CONVERTING = threading.Lock()


def converted_folder(
    model: str, revision: str | None, *, fetch: Fetching, convert: Conversion, cache: Path
) -> Path:
    """Give the folder itself where `model` is one of packages, else fetch it or convert it.

    A checkpoint is converted into the cache; what is there already and still agrees with it is
    kept. Threads wait for each other. Raises what fetching and converting raise.
    """
    given = Path(model)
    if given.is_dir() and any(any(given.glob(mark)) for mark in _MARKS):
        return given
    if not given.exists() and (fetched := fetch(model, revision)) is not None:
        return fetched
    folder = cache / "models" / cache_name(model, revision)
    with _CONVERTING:
        convert(model, folder, ConversionPlan(), revision)
    return folder


def cache_name(model: str, revision: str | None) -> str:
    """A readable name that no two models share: folders count by their absolute path.

    >>> cache_name("pocket", None)
    'pocket-cd7fafc7'
    """
    local = Path(model)
    identity = f"{local.resolve() if local.exists() else model}@{revision or ''}"
    readable = re.sub(r"[^A-Za-z0-9.-]+", "_", local.name)
    return f"{readable}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"
