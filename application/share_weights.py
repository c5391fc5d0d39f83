"""Let two folders of packages keep the files that they have in common once."""

from pathlib import Path

from ..domain.ports.model_folders import ModelFolders
from ..domain.ports.sharing import FileSharing
from ..domain.ports.workspace import Workspace


class ShareWeights:
    """Shares what is equal, byte by byte: the weights of one model at two sizes are."""

    def __init__(
        self, *, model_folders: ModelFolders, workspace: Workspace, sharing: FileSharing
    ) -> None:
        self._model_folders = model_folders
        self._workspace = workspace
        self._sharing = sharing

    def __call__(self, folder: Path, other: Path) -> int:
        """Make equal files of the folder's packages other names of `other`'s; give their bytes.

        Raises NotAModelFolder and UnwritableOutput.
        """
        theirs = {each.place: each for each in self._model_folders.read_manifest(other).packages}
        shared = 0
        for record in self._model_folders.read_manifest(folder).packages:
            if record.place in theirs:
                shared += self._share(folder / record.file, other / theirs[record.place].file)
        return shared

    def _share(self, package: Path, other: Path) -> int:
        own, others = self._workspace.digests(package), self._workspace.digests(other)
        equal = (name for name, digest in own.items() if others.get(name) == digest)
        return sum(self._sharing.share(other / name, package / name) for name in equal)
