"""Writes `.mlpackage` folders."""

import json
import uuid
from pathlib import Path
from typing import Any, final

from ...domain.mil.pipeline import Model, ProgramPipeline
from ...domain.mil.program import ModelDescription, Program
from ...domain.ports.packages import PackageWriter
from .description_encoding import description_message
from .program_encoding import encode_program
from .schema import new_message
from .weight_file_writer import place_weights, rewrite_weights

_FOLDER = "com.apple.CoreML"
_MODEL = f"{_FOLDER}/model.mlmodel"
_WEIGHTS = f"{_FOLDER}/weights"
_MAIN = "main"


@final
class MlPackageWriter(PackageWriter):
    """Writes the same bytes for the same model."""

    def write(self, model: Model, package: Path) -> None:
        """Write a package; see the port."""
        folder = package / "Data" / _FOLDER
        # A program without weights has a folder for them too.
        (folder / "weights").mkdir(parents=True)
        if isinstance(model, ProgramPipeline):
            message = _pipeline_message(model, folder)
        else:
            message = _program_message(place_weights(model, folder))
        (package / "Data" / _MODEL).write_bytes(message.SerializeToString(deterministic=True))
        manifest = json.dumps(_manifest(), indent=4, sort_keys=True)
        (package / "Manifest.json").write_text(manifest, encoding="utf-8")


def _pipeline_message(pipeline: ProgramPipeline, folder: Path) -> Any:
    """Fill a message as coremltools' `make_pipeline` does, each program with its own weights."""
    message = _described(pipeline.description, _MAIN)
    for number, program in enumerate(pipeline.programs):
        placed = rewrite_weights(program, folder, f"weights/{number}-weight.bin")
        message.pipeline.models.add().CopyFrom(_program_message(placed))
    return message


def _program_message(program: Program) -> Any:
    message = _described(program.description, program.main)
    encode_program(program, message.mlProgram)
    return message


def _described(description: ModelDescription, main: str) -> Any:
    message = new_message("Model")
    message.specificationVersion = description.specification_version
    message.description.CopyFrom(description_message(description, main))
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
