"""Model folders on disk: `pipeline.json`, `vocab.json` and `merges.txt` beside the packages."""

import json
from pathlib import Path
from typing import final

from ...domain.checkpoint import Checkpoint
from ...domain.errors import IncompleteModelFolder, InvalidRequest, NotAModelFolder
from ...domain.pipeline_manifest import PipelineManifest
from ...domain.ports.model_folders import ModelFolders
from ...domain.ports.workspace import Workspace
from ...domain.tokenizer.vocabulary import (
    MERGES_FILE,
    TOKENS_FILE,
    Vocabulary,
    parse_vocabulary,
)
from .manifest_document import from_document, to_document
from .tokenizer_files import tokenizer_files

MANIFEST = "pipeline.json"


@final
class LocalModelFolders(ModelFolders):
    """Writes every file through the workspace, so that none is ever half-written."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def read_manifest(self, folder: Path) -> PipelineManifest:
        """Read `pipeline.json`."""
        return self.read_recipe(folder / MANIFEST)

    def read_recipe(self, file: Path) -> PipelineManifest:
        """Read what may be a `pipeline.json` under another name. Raises NotAModelFolder."""
        folder, name = file.parent, file.name
        try:
            return from_document(json.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError as error:
            raise NotAModelFolder(folder, f"it has no {name}") from error
        except KeyError as error:
            raise NotAModelFolder(folder, f"{name} lacks {error.args[0]}") from error
        except (OSError, ValueError, TypeError, InvalidRequest) as error:
            raise NotAModelFolder(folder, f"{name} cannot be read: {error}") from error

    def write_manifest(self, folder: Path, manifest: PipelineManifest) -> None:
        """Write `pipeline.json`, indented for people."""
        document = json.dumps(to_document(manifest), indent=2, ensure_ascii=False)
        self._write(folder / MANIFEST, document + "\n")

    def read_vocabulary(self, place: Path | Checkpoint) -> Vocabulary:
        """Read `vocab.json` and `merges.txt`."""
        if isinstance(place, Checkpoint):
            files = tokenizer_files(place)
            return parse_vocabulary(files[TOKENS_FILE], files[MERGES_FILE])
        return parse_vocabulary(_text(place, TOKENS_FILE), _text(place, MERGES_FILE))

    def copy_tokenizer(self, checkpoint: Checkpoint, folder: Path) -> None:
        """Write the checkpoint's `vocab.json` and `merges.txt`."""
        for name, text in tokenizer_files(checkpoint).items():
            self._write(folder / name, text)

    def _write(self, path: Path, text: str) -> None:
        with self._workspace.replacing(path) as partial:
            partial.write_text(text, encoding="utf-8", newline="\n")


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise IncompleteModelFolder(folder, name, "is missing") from error
    except (OSError, ValueError) as error:
        raise IncompleteModelFolder(folder, name, f"cannot be read ({error})") from error
