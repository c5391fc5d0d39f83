"""What is going to stand in a repository."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from ..inspection import Inspection
from ..pipeline_manifest import PipelineManifest
from ..verification.report import Verification


@attrs.frozen(kw_only=True)
class SamplePicture:
    """A picture that the model drew, and how."""

    file: Path
    prompt: str
    seed: int | None = None

    @property
    def place(self) -> str:
        """Its path in the repository."""
        return f"pictures/{self.file.name}"


@attrs.frozen(kw_only=True)
class PublishedVariant:
    """A folder of packages as the card tells of it; packages by the names of their bundles."""

    attention: str
    manifest: PipelineManifest
    packages: Mapping[str, Inspection]
    verification: Verification | None


@attrs.frozen(kw_only=True)
class Publication:
    """All files of a commit by their paths in the repository, and the card that goes with them.

    `metadata` is the card's front matter under the Hub's names, `text` what stands below it.
    """

    repository: str
    files: Mapping[str, Path]
    metadata: Mapping[str, Any]
    text: str
