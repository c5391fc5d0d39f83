"""Tables that are there, or are not."""

from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.errors import UnreachableCheckpoint
from coreml_stable_diffusion.domain.ports.tokenizers import TokenizerSource


@attrs.frozen
class FakeTokenizers(TokenizerSource):
    """Has the tables in a folder; None is a machine without a network."""

    folder: Path | None = None

    def clip(self) -> Path:
        if self.folder is None:
            raise UnreachableCheckpoint("openai/clip", "there is no network")
        return self.folder
