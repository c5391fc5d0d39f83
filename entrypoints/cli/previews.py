"""Small pictures of the steps beside the pictures that they lead to."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import attrs

from ...domain.errors import InvalidRequest
from ...domain.model_facts import ModelFacts
from ...domain.pipelines.denoise import DenoisingStep
from ...domain.pipelines.preview import preview
from ...domain.ports.images import ImageStore


@attrs.define
class Previews:
    """Writes what every so many steps are heading for; each picture begins at the step 0 again."""

    every: int
    files: Sequence[Path]
    store: ImageStore
    facts: ModelFacts
    _picture: int = -1

    @classmethod
    def of(
        cls, every: int | None, files: Sequence[Path], store: ImageStore, facts: ModelFacts
    ) -> Self | None:
        """Previews of pictures that go into these files, None where nobody wants them.

        Raises InvalidRequest for a number below 1.
        """
        if every is None:
            return None
        if every < 1:
            raise InvalidRequest("--save-every", f"{every} is less than 1")
        return cls(every=every, files=files, store=store, facts=facts)

    def watch(self, step: DenoisingStep) -> None:
        """See a step, and write its picture if it is one of those."""
        if step.index == 0:
            self._picture += 1
        if (step.index + 1) % self.every == 0:
            file = self.files[self._picture]
            beside = file.with_stem(f"{file.stem}-step-{step.index + 1}")
            self.store.save(beside, preview(step.denoised, self.facts), {})
