"""From what a user calls a model to the folder of its packages."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.entrypoints.converted_folder import cache_name, converted_folder
from samples.scripted_conversion import ScriptedConversion


def unpublished(_model: str, _revision: str | None) -> None:
    """Nobody has published anything."""


def test_a_folder_of_packages_is_taken_as_it_is(model_folder: Path, tmp_path: Path) -> None:
    conversion = ScriptedConversion()

    assert converted_folder(
        str(model_folder), None, fetch=unpublished, convert=conversion, cache=tmp_path
    ) == (model_folder)
    assert conversion.asked == []


def test_anything_else_is_converted_into_the_cache(tmp_path: Path) -> None:
    conversion = ScriptedConversion()

    folder = converted_folder(
        "owner/name", "main", fetch=unpublished, convert=conversion, cache=tmp_path
    )

    assert folder.parent == tmp_path / "models"
    assert conversion.asked == [("owner/name", folder, ConversionPlan(), "main")]


def test_threads_convert_one_after_another(tmp_path: Path) -> None:
    begun: list[str] = []
    together: list[str] = []

    def convert(model: str, *_: object) -> None:
        begun.append(model)
        time.sleep(0.05)
        together.extend(begun)
        begun.remove(model)

    def converted(model: str) -> Path:
        return converted_folder(model, None, fetch=unpublished, convert=convert, cache=tmp_path)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(converted, ["one", "two", "three"]))

    assert sorted(together) == ["one", "three", "two"]


def test_what_somebody_has_converted_is_fetched(tmp_path: Path) -> None:
    conversion = ScriptedConversion()

    folder = converted_folder(
        "owner/name",
        "main",
        fetch=lambda model, revision: tmp_path / model / str(revision),
        convert=conversion,
        cache=tmp_path,
    )

    assert folder == tmp_path / "owner" / "name" / "main"
    assert conversion.asked == []


def test_revisions_and_owners_are_kept_apart() -> None:
    models = [("a/model", None), ("b/model", None), ("a/model", "main"), ("model", None)]

    assert len({cache_name(*model) for model in models}) == len(models)


def test_a_folder_has_one_place_however_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").mkdir()

    assert cache_name(str(tmp_path / "checkpoint"), None) == (
        cache_name(str(tmp_path / "checkpoint" / ".." / "checkpoint"), None)
    )
