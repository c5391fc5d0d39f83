"""One JSON file of a checkpoint, read so that what is wrong with it can be said."""

import json
from pathlib import Path
from typing import Any

import attrs

from ...domain.checkpoint import Checkpoint
from ...domain.errors import NotACheckpoint
from ...domain.model_facts import Config


@attrs.frozen(kw_only=True)
class ConfigFile:
    """The values of one configuration file; `model` is what the user called the checkpoint."""

    model: str
    name: str
    values: Config

    def require(self, key: str) -> Any:
        """The value of the key. Raises NotACheckpoint where there is none."""
        if self.values.get(key) is None:
            raise NotACheckpoint(self.model, f"{self.name} has no {key}")
        return self.values[key]

    def integer(self, key: str) -> int:
        """The key's whole number. Raises NotACheckpoint where it holds none."""
        value = self.require(key)
        if not isinstance(value, int):
            raise NotACheckpoint(self.model, f"{self.name} has {key} {value!r}, not a whole number")
        return value

    def get(self, key: str, default: Any = None) -> Any:
        """The value of the key; null counts as absent."""
        value = self.values.get(key)
        return default if value is None else value


def unet_config(checkpoint: Checkpoint) -> ConfigFile:
    """What the checkpoint's UNet is configured to be. Raises NotACheckpoint."""
    return read_config(checkpoint.folder, "unet/config.json", checkpoint.model)


def read_config(folder: Path, name: str, model: str) -> ConfigFile:
    """Read `name` in the checkpoint's folder. Raises NotACheckpoint."""
    try:
        values = json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotACheckpoint(model, f"{name} is missing") from error
    except (OSError, ValueError) as error:
        raise NotACheckpoint(model, f"{name} cannot be read: {error}") from error
    if not isinstance(values, dict):
        raise NotACheckpoint(model, f"{name} holds no JSON object")
    return ConfigFile(model=model, name=name, values=values)
