"""`verify.json` beside the packages."""

import json
from pathlib import Path
from typing import final

from ...domain.errors import NotAModelFolder
from ...domain.ports.verifications import Verifications
from ...domain.ports.workspace import Workspace
from ...domain.verification.report import Verification
from .verification_document import from_document, to_document

REPORT = "verify.json"


@final
class LocalVerifications(Verifications):
    """Writes through the workspace, so that no report is ever half-written."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def read(self, folder: Path) -> Verification | None:
        """Read `verify.json`."""
        try:
            return from_document(json.loads((folder / REPORT).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise NotAModelFolder(folder, f"{REPORT} cannot be read: {error}") from error

    def write(self, folder: Path, verification: Verification) -> None:
        """Write `verify.json`, indented for people."""
        document = json.dumps(to_document(verification), indent=2, ensure_ascii=False)
        with self._workspace.replacing(folder / REPORT) as partial:
            partial.write_text(document + "\n", encoding="utf-8", newline="\n")
