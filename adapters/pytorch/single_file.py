"""Checkpoints in a single file, by the names of Stability AI's code, as model sites offer them."""

import hashlib
from pathlib import Path
from typing import final

import attrs

from ...domain.checkpoint import Checkpoint
from ...domain.component import Component
from ...domain.errors import InvalidRequest, NotACheckpoint, first_line
from ...domain.ports.checkpoints import CheckpointSource
from ...domain.ports.tokenizers import TokenizerSource
from ...domain.ports.workspace import Workspace
from ...domain.tokenizer.vocabulary import MERGES_FILE, TOKENS_FILE
from .config_file import read_config
from .original_configs import GUESS

# Counted up when the same file comes to give another folder.
_VERSION = "3"
_PICKLED = (".ckpt", ".pt", ".pth", ".bin")
_ENDINGS = (".safetensors", *_PICKLED)


@final
class SingleFile(CheckpointSource):
    """Makes a folder of each file once, in the cache; the file is read tensor by tensor."""

    def __init__(
        self,
        folders: CheckpointSource,
        tokenizers: TokenizerSource,
        workspace: Workspace,
        cache: Path,
        *,
        pickles: bool = False,
    ) -> None:
        """Read what was made with `folders`, and keep it in the folder `checkpoints` of `cache`.

        Pickles are read where `pickles` says so.
        """
        self._pickles = pickles
        self._folders = folders
        self._tokenizers = tokenizers
        self._workspace = workspace
        self._cache = cache / "checkpoints"

    def knows(self, model: str) -> bool:
        """Whether there is a file of this name with the ending of safetensors or a pickle."""
        path = Path(model).expanduser()
        return path.suffix in _ENDINGS and path.is_file()

    def open(self, model: str, revision: str | None = None) -> Checkpoint:
        """Make the folder, or find it; the file's name becomes the model version."""
        if revision is not None:
            raise InvalidRequest("--revision", f"{model} is a file, and files have no revisions")
        file = Path(model).expanduser().resolve()
        if file.suffix in _PICKLED and not self._pickles:
            raise NotACheckpoint(model, "it is a pickle, which is read with --allow-pickle alone")
        folder = self._cache / f"{file.stem}-{_digest(file)[:16]}"
        if not folder.exists():
            self._make(folder, file, model)
        found = self._folders.open(str(folder))
        facts = attrs.evolve(found.facts, model=model, model_version=file.stem)
        guess = read_config(folder, "model_index.json", model).get(GUESS)
        return attrs.evolve(found, facts=facts, guessed_prediction=guess)

    def fingerprint(self, checkpoint: Checkpoint, component: Component) -> str:
        """The SHA-256 over the component's files in the folder."""
        return self._folders.fingerprint(checkpoint, component)

    def _make(self, folder: Path, file: Path, model: str) -> None:
        # PyTorch and diffusers take seconds.
        from .single_file_folder import write_single_file_folder  # noqa: PLC0415 - see above
        from .single_file_weights import read_single_file  # noqa: PLC0415 - see above

        try:
            weights = read_single_file(file)
            with self._workspace.replacing(folder) as made:
                write_single_file_folder(made, weights, self._tokenizer(file))
        except KeyError as error:
            raise NotACheckpoint(model, f"it has no {error.args[0]}") from error
        except (ValueError, TypeError, AttributeError, IndexError) as error:
            raise NotACheckpoint(model, first_line(error)) from error

    def _tokenizer(self, file: Path) -> Path:
        """The folder of CLIP's tables: the file's own, or that of the first CLIP."""
        if all((file.parent / name).is_file() for name in (TOKENS_FILE, MERGES_FILE)):
            return file.parent
        return self._tokenizers.clip()


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, lambda: hashlib.sha256(_VERSION.encode())).hexdigest()
