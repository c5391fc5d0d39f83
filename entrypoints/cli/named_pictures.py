"""Pictures for inputs by name, as `--picture NAME=FILE` tells them."""

from collections.abc import Iterable
from pathlib import Path

from ...domain.errors import InvalidRequest
from ...domain.pictures.picture_tensors import Pictures
from ...domain.ports.images import ImageStore


def named_pictures(store: ImageStore, told: Iterable[str]) -> Pictures:
    """Read the files. Raises UnreadablePicture, and InvalidRequest for another form."""
    pictures = {}
    for each in told:
        name, equals, path = each.partition("=")
        if not (name and equals and path):
            raise InvalidRequest("--picture", f"{each!r} is not the form NAME=FILE")
        pictures[name] = store.load(Path(path)).pixels
    return pictures
