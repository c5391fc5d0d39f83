"""Settings of diffusers' schedulers, held against what is available here."""

from collections.abc import Mapping
from typing import Any, TypeVar

from ..errors import InvalidRequest

_Value = TypeVar("_Value")


def chosen(
    config: Mapping[str, Any], setting: str, values: Mapping[Any, _Value], default: object
) -> _Value:
    """What a configuration's value of a setting stands for. Raises InvalidRequest for others."""
    asked = config.get(setting, default)
    if asked in values:
        return values[asked]
    known = ", ".join(map(str, values))
    raise InvalidRequest("--scheduler", f"its {setting} {asked} is not one of {known}")


def require_known(name: str, config: Mapping[str, Any], **known_values: object) -> None:
    """Raise InvalidRequest where a configuration has another value than the one known here.

    A setting that is left out or None is taken to be known.
    """
    for setting, known in known_values.items():
        value = config.get(setting)
        if value is not None and value != known:
            problem = f"{name} is not available with {setting} = {value}"
            raise InvalidRequest("--scheduler", f"{problem}; choose another scheduler")
