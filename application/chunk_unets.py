"""Cut the UNets of a folder of packages in two."""

from pathlib import Path

from ..domain.component import Component
from ..domain.ports.model_folders import ModelFolders
from ..domain.ports.observing import Observer
from ..domain.ports.packages import PackageReader
from ..domain.ports.workspace import Workspace
from .chunk import Chunk, ChunkOptions
from .chunk_marks import has_its_chunks

_UNETS = (Component.UNET, Component.CONTROL_UNET, Component.REFINER)


class ChunkUnets:
    """Cuts every UNet whatever its size, as Apple's tool does, and leaves current chunks."""

    def __init__(
        self,
        *,
        chunk: Chunk,
        model_folders: ModelFolders,
        reader: PackageReader,
        workspace: Workspace,
        observer: Observer,
    ) -> None:
        self._chunk = chunk
        self._model_folders = model_folders
        self._reader = reader
        self._workspace = workspace
        self._observer = observer

    def __call__(self, folder: Path, *, check: bool = False) -> None:
        """Write the chunks of every UNet beside it, where wanted only if they compute the same.

        Raises NotAModelFolder and as Chunk does.
        """
        for record in self._model_folders.read_manifest(folder).packages:
            if record.component not in _UNETS:
                continue
            package = folder / record.file
            if has_its_chunks(package, self._reader, self._workspace):
                self._observer.note(f"{record.component.label} in chunks: reused")
            else:
                self._chunk(package, options=ChunkOptions(check=check))
