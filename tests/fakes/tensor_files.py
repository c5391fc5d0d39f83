"""Files of arrays that are kept in memory, held to the promises of domain/ports/tensor_files.py."""

import contextlib
from collections.abc import Iterator, MutableMapping
from pathlib import Path

import attrs
import numpy as np
from coreml_stable_diffusion.domain.errors import UnreadableTensors, UnwritableOutput
from coreml_stable_diffusion.domain.examination import Record
from coreml_stable_diffusion.domain.ports.tensor_files import TensorFiles
from coreml_stable_diffusion.domain.tensor import Tensors
from numpy.typing import NDArray


@attrs.frozen
class FakeTensorFiles(TensorFiles):
    """Remembers arrays by their file's path; below a file there is no place, as on a disk."""

    files: MutableMapping[Path, Tensors] = attrs.field(factory=dict)

    def read(self, path: Path) -> Tensors:
        if path not in self.files:
            raise UnreadableTensors(path, "there is no such file")
        return self.files[path]

    @contextlib.contextmanager
    def recording(self, path: Path) -> Iterator[Record]:
        if any(parent in self.files for parent in path.parents):
            raise UnwritableOutput(path, "its folder is a file")
        recorded: dict[str, NDArray[np.generic]] = {}

        def record(name: str, array: NDArray[np.generic]) -> None:
            recorded[name] = array.copy()

        yield record
        self.files[path] = recorded
