"""`analytics/coremldata.bin` of a bundle: sections of keys and texts, all behind their sizes."""

import base64
import struct
from collections.abc import Mapping


def analytics(model_digest: bytes, model_name: str) -> bytes:
    """The file for a model file with this SHA-256 and this name, which has no ending."""
    sections: dict[str, Mapping[str, str]] = {
        "NeuralNetworkModelDetails": {"containsCustomLayer": "0", "modelDimension": "0"},
        "SpecificationDetails": {
            "modelHash": base64.b64encode(model_digest).decode(),
            "modelName": model_name,
        },
    }
    return b"".join(_section(title, entries) for title, entries in sections.items())


def _section(title: str, entries: Mapping[str, str]) -> bytes:
    texts = [text for entry in sorted(entries.items()) for text in entry]
    return _text(title) + struct.pack("<Q", len(entries)) + b"".join(map(_text, texts))


def _text(text: str) -> bytes:
    content = text.encode()
    return struct.pack("<Q", len(content)) + content
