"""The bars that the Hub's client shows while it fetches, hidden."""

from typing import Any


def silent_bars() -> Any:
    """The client's bars, never shown."""
    # The client takes a third of a second to import.
    from huggingface_hub.utils.tqdm import tqdm  # noqa: PLC0415 - see above

    class Silent(tqdm):
        def __init__(self, *arguments: Any, **settings: Any) -> None:
            settings["disable"] = True
            super().__init__(*arguments, **settings)  # type: ignore[no-untyped-call] # as it is

    return Silent
