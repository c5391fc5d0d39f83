"""Files of arrays that are kept in memory, held to the promises of domain/ports/tensor_files.py."""

from collections.abc import MutableMapping
from pathlib import Path

import attrs
from coreml_stable_diffusion.domain.errors import UnreadableTensors
from coreml_stable_diffusion.domain.ports.tensor_files import TensorFiles
from coreml_stable_diffusion.domain.tensor import Tensors


@attrs.frozen
class FakeTensorFiles(TensorFiles):
    """Remembers arrays by their file's path."""

    files: MutableMapping[Path, Tensors] = attrs.field(factory=dict)

    def read(self, path: Path) -> Tensors:
        if path not in self.files:
            raise UnreadableTensors(path, "there is no such file")
        return self.files[path]

    def write(self, path: Path, tensors: Tensors) -> None:
        self.files[path] = dict(tensors)
