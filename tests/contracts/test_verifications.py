"""The promises of domain/ports/verifications.py, kept by the fake and on disk."""

from pathlib import Path

import pytest
from coreml_stable_diffusion.adapters.files.verifications import REPORT, LocalVerifications
from coreml_stable_diffusion.adapters.files.workspace import LocalWorkspace
from coreml_stable_diffusion.domain.errors import NotAModelFolder
from coreml_stable_diffusion.domain.ports.verifications import Verifications
from fakes.verifications import FakeVerifications
from samples.verifications import verification


@pytest.fixture(params=["fake", "local"])
def verifications(request: pytest.FixtureRequest, tmp_path: Path) -> Verifications:
    if request.param == "local":
        (tmp_path / "broken").mkdir()
        (tmp_path / "broken" / REPORT).write_text('{"version": 1}')
        return LocalVerifications(LocalWorkspace())
    return FakeVerifications(broken=(tmp_path / "broken",))


def test_what_was_found_is_read_again(verifications: Verifications, tmp_path: Path) -> None:
    verifications.write(tmp_path, verification())

    assert verifications.read(tmp_path) == verification()


def test_the_last_finding_counts(verifications: Verifications, tmp_path: Path) -> None:
    verifications.write(tmp_path, verification(61.5))
    verifications.write(tmp_path, verification(20.0))

    assert verifications.read(tmp_path) == verification(20.0)


def test_a_folder_that_was_never_verified_has_no_report(
    verifications: Verifications, tmp_path: Path
) -> None:
    assert verifications.read(tmp_path) is None


def test_a_broken_report_is_refused(verifications: Verifications, tmp_path: Path) -> None:
    with pytest.raises(NotAModelFolder, match=r"verify\.json cannot be read"):
        verifications.read(tmp_path / "broken")
