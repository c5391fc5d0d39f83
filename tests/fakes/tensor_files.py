"""Files of arrays that are kept in memory, held to the promises of domain/ports/tensor_files.py."""

import contextlib
from collections.abc import Iterator, MutableMapping
from pathlib import Path

import attrs
import numpy as np
from coreml_stable_diffusion.domain.errors import UnreadableTensors
from coreml_stable_diffusion.domain.examination import Record
from coreml_stable_diffusion.domain.ports.tensor_files import TensorFiles
from coreml_stable_diffusion.domain.tensor import Tensors
from numpy.typing import NDArray


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

    @contextlib.contextmanager
    def recording(self, path: Path) -> Iterator[Record]:
        recorded: dict[str, NDArray[np.generic]] = {}

        def record(name: str, array: NDArray[np.generic]) -> None:
            recorded[name] = array.copy()

        yield record
        self.files[path] = recorded
