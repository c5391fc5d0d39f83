"""Reports that are kept in memory."""

from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.errors import NotAModelFolder
from coreml_stable_diffusion.domain.ports.verifications import Verifications
from coreml_stable_diffusion.domain.verification.report import Verification


@attrs.define
class FakeVerifications(Verifications):
    """`kept` has the report of each folder; those of `broken` cannot be read."""

    kept: dict[Path, Verification] = attrs.field(factory=dict)
    broken: tuple[Path, ...] = ()

    def read(self, folder: Path) -> Verification | None:
        if folder in self.broken:
            raise NotAModelFolder(folder, "verify.json cannot be read")
        return self.kept.get(folder)

    def write(self, folder: Path, verification: Verification) -> None:
        self.kept[folder] = verification
