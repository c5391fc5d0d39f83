"""JSON files with other values."""

import json
from pathlib import Path
from typing import Any


def change_json(path: Path, **values: Any) -> None:
    """Set the keys of the object in the file, or of a new one."""
    known = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(known | values))
