"""The files of textual inversion (https://arxiv.org/abs/2208.01618): tokens that were learned."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import torch

from ...domain.changes import Embedding
from ...domain.component import Component
from ...domain.errors import MismatchedCheckpoint, UnreadableWeights, first_line
from .pickles import load_pickle
from .safetensors_file import stored_tensors

# How files that hold vectors for both text encoders name them; others have one tensor.
_ENCODERS = {"clip_l": Component.TEXT_ENCODER, "clip_g": Component.TEXT_ENCODER_2}
# Names of a tensor that tell no trigger.
_NAMELESS = ("*", "emb_params", *_ENCODERS)
_PICKLED = (".pt", ".bin")
_NESTED = "string_to_param"


@attrs.frozen(kw_only=True)
class EmbeddingFile:
    """A trigger for prompts, and the vectors (count, width) that it stands for."""

    embedding: Embedding
    trigger: str
    vectors: tuple[torch.Tensor, ...]

    @property
    def tokens(self) -> tuple[str, ...]:
        """The names of the vectors in the vocabulary, as diffusers counts them."""
        count = len(self.vectors[0])
        return (self.trigger, *(f"{self.trigger}_{number}" for number in range(1, count)))

    def vectors_for(self, component: Component, width: int, model: str) -> torch.Tensor:
        """Those that a text encoder of the width takes. Raises MismatchedCheckpoint."""
        for vectors in self.vectors:
            if vectors.shape[1] == width:
                return vectors
        found = " and ".join(str(vectors.shape[1]) for vectors in self.vectors)
        problem = f"its vectors are {found} wide, those of the {component.label} {width}"
        raise MismatchedCheckpoint(str(self.embedding.file), model, problem)


def read_embedding(embedding: Embedding, *, pickles: bool) -> EmbeddingFile:
    """Read the vectors. Raises UnreadableWeights."""
    file = embedding.file
    try:
        named = _tensors(file, pickles=pickles)
    except FileNotFoundError as error:
        raise UnreadableWeights(file, "there is no such file") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableWeights(file, first_line(error)) from error
    vectors = tuple(each.reshape(-1, each.shape[-1]) for each in named.values() if each.ndim)
    if not vectors or (len(vectors) > 1 and not named.keys() <= _ENCODERS.keys()):
        raise UnreadableWeights(file, "it is no embedding of textual inversion")
    own = next(iter(named))
    trigger = embedding.trigger or (file.stem if own in _NAMELESS else own)
    return EmbeddingFile(embedding=embedding, trigger=trigger, vectors=vectors)


def _tensors(file: Path, *, pickles: bool) -> dict[str, torch.Tensor]:
    if file.suffix not in _PICKLED:
        return {name: stored.read() for name, stored in stored_tensors(file)}
    if not pickles:
        raise ValueError("it is a pickle, which is read with --allow-pickle alone")
    found: Any = load_pickle(file)
    if isinstance(found, Mapping):
        found = found.get(_NESTED, found)
    items = found.items() if isinstance(found, Mapping) else ()
    return {str(name): each for name, each in items if isinstance(each, torch.Tensor)}
