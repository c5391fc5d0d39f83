"""Writes `.mlpackage` folders."""

import json
import uuid
from pathlib import Path
from typing import Any, final

from ...domain.mil.program import Program
from ...domain.ports.packages import PackageWriter
from .description_encoding import description_message
from .program_encoding import encode_program
from .schema import new_message
from .weight_file_writer import place_weights

_FOLDER = "com.apple.CoreML"
_MODEL = f"{_FOLDER}/model.mlmodel"
_WEIGHTS = f"{_FOLDER}/weights"


@final
class MlPackageWriter(PackageWriter):
    """Writes the same bytes for the same program."""

    def write(self, program: Program, package: Path) -> None:
        """Write a package; see the port."""
        folder = package / "Data" / _FOLDER
        folder.mkdir(parents=True)
        placed = place_weights(program, folder)
        message = _model_message(placed)
        (package / "Data" / _MODEL).write_bytes(message.SerializeToString(deterministic=True))
        manifest = json.dumps(_manifest(), indent=4, sort_keys=True)
        (package / "Manifest.json").write_text(manifest, encoding="utf-8")


def _model_message(program: Program) -> Any:
    message = new_message("Model")
    message.specificationVersion = program.description.specification_version
    message.description.CopyFrom(description_message(program.description, program.main))
    encode_program(program, message.mlProgram)
    return message


def _manifest() -> dict[str, Any]:
    entries = {
        _MODEL: {"description": "CoreML Model Specification", "name": "model.mlmodel"},
        _WEIGHTS: {"description": "CoreML Model Weights", "name": "weights"},
    }
    return {
        "fileFormatVersion": "1.0.0",
        "itemInfoEntries": {
            _identifier(path): {"author": _FOLDER, "path": path, **said}
            for path, said in entries.items()
        },
        "rootModelIdentifier": _identifier(_MODEL),
    }


def _identifier(path: str) -> str:
    """Others draw these at random; from the path they are the same every time."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, path)).upper()
