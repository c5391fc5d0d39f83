"""Writes weight files: as they were where nothing changed, otherwise tensor after tensor.

The format is that of weight_files.py; a program's own file is linked or copied, never loaded.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import attrs

from ...domain.mil.packing import pack
from ...domain.mil.program import Program
from ...domain.mil.stored_weights import stored_weights, with_weights
from ...domain.mil.value import StoredWeight, WeightStorage
from .weight_files import CODES, HEADER, MODEL_PATH, RECORD, SENTINEL, VERSION, WeightFiles

_FILE = "weights/weight.bin"
_ALIGNMENT = 64


def place_weights(program: Program, folder: Path) -> Program:
    """Put the weights into `folder`, the "@model_path"; gives the program that goes with them.

    Files that the program uses wholly are kept byte for byte. Raises BrokenPackage where weights
    are gone, ValueError where they are of a type that weight files cannot hold, and OSError.
    """
    weights = list(stored_weights(program))
    sources = _whole_files(weights)
    if sources is not None:
        for name, source in sources.items():
            link_or_copy(source, folder / name)
        return program
    return rewrite_weights(program, folder, _FILE)


def rewrite_weights(program: Program, folder: Path, name: str) -> Program:
    """Write the weights into the file `name` of `folder`, one tensor in memory at a time.

    Gives the program that goes with them, and raises as `place_weights` does.
    """
    distinct = list({_key(each): each for each in stored_weights(program)}.values())
    if not distinct:
        return program
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    places = dict(zip(map(_key, distinct), write_weights(path, distinct), strict=True))
    storage = WeightFiles(folder, folder)

    def moved(weight: StoredWeight) -> StoredWeight:
        file = f"{MODEL_PATH}{name}"
        return attrs.evolve(weight, file=file, offset=places[_key(weight)], storage=storage)

    return with_weights(program, moved)


def link_or_copy(source: Path, destination: Path) -> None:
    """Give a file a second name, or copy it where the disk cannot. Raises OSError."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source.resolve(), destination)
    except OSError:
        shutil.copyfile(source, destination)


def _whole_files(weights: Sequence[StoredWeight]) -> dict[str, Path] | None:
    """The files that hold these weights and no others, by their names; None where some do not."""
    storages = [each.storage for each in weights]
    offsets: dict[str, set[int]] = {}
    for each in weights:
        offsets.setdefault(each.file, set()).add(each.offset)
    files = {}
    for name, used in offsets.items():
        match storages[0]:
            case WeightFiles() as storage if all(each == storage for each in storages):
                path = storage.folder / name.removeprefix(MODEL_PATH)
            case _:
                return None
        with path.open("rb") as file:
            count, _ = HEADER.unpack(file.read(HEADER.size))
        if count != len(used):
            return None
        files[name.removeprefix(MODEL_PATH)] = path
    return files


def _key(weight: StoredWeight) -> tuple[WeightStorage | int, str, int]:
    storage = weight.storage
    return (
        storage if isinstance(storage, WeightFiles) else id(storage),
        weight.file,
        weight.offset,
    )


def write_weights(path: Path, weights: Sequence[StoredWeight]) -> list[int]:
    """Write a weight file, one tensor in memory at a time; gives the offset of each.

    Raises ValueError where a weight is of a type that the file cannot hold, and OSError.
    """
    with path.open("wb") as file:
        file.write(HEADER.pack(len(weights), VERSION))
        return [_append(file, each) for each in weights]


def _append(file: BinaryIO, weight: StoredWeight) -> int:
    data_type = weight.type.data_type
    if data_type not in CODES:
        raise ValueError(f"a weight file cannot hold {data_type.value}")
    stored = pack(weight.array(), data_type)
    unused_bits = 8 * len(stored) - data_type.bits * (weight.type.element_count or 0)
    file.write(bytes(-file.tell() % _ALIGNMENT))
    offset = file.tell()
    start = offset + RECORD.size
    file.write(RECORD.pack(SENTINEL, CODES[data_type], len(stored), start, unused_bits))
    file.write(stored.data)
    return offset
