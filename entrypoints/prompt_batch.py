"""Several prompts of one call, as diffusers takes them: texts, lists of texts or embeddings."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard

import attrs
import numpy as np
from numpy.typing import ArrayLike

from ..domain.errors import InvalidRequest
from ..domain.own_texts import OwnTexts
from ..domain.pictures.source_picture import SourcePicture
from ..domain.request import GenerationRequest
from .given_arrays import given_array


@attrs.frozen(kw_only=True)
class PromptBatch:
    """The prompts and negative prompts of a call, or what somebody else encoded of them."""

    prompts: tuple[str, ...]
    negative_prompts: tuple[str | None, ...]
    texts: tuple[OwnTexts | None, ...]

    @classmethod
    def of(
        cls,
        prompt: str | Sequence[str] | None,
        negative_prompt: str | Sequence[str] | None,
        **embeds: ArrayLike | None,
    ) -> "PromptBatch":
        """Sort what was given; `embeds` are arguments of OwnTexts.of with a row for each prompt.

        Raises InvalidRequest where there are prompts and embeddings, neither, or not as many.
        """
        if (prompt is None) == (embeds["prompt_embeds"] is None):
            raise InvalidRequest("prompt", "give either prompts or prompt_embeds")
        if prompt is None:
            texts = tuple(_own_texts(embeds))
            prompts = ("",) * len(texts)
        else:
            prompts = (prompt,) if _is_one(prompt) else tuple(prompt)
            texts = (OwnTexts.of(**embeds),) * len(prompts)
        if not prompts:
            raise InvalidRequest("prompt", "the list is empty; give one prompt at least")
        negatives: tuple[str | None, ...]
        if negative_prompt is None or _is_one(negative_prompt):
            negatives = (negative_prompt,) * len(prompts)
        else:
            negatives = tuple(negative_prompt)
        if len(negatives) != len(prompts):
            problem = f"{len(negatives)} negative prompts for {len(prompts)} prompts"
            raise InvalidRequest("negative_prompt", problem)
        return cls(prompts=prompts, negative_prompts=negatives, texts=texts)

    def requests(
        self,
        settings: GenerationRequest,
        seeds: Sequence[int],
        latents: ArrayLike | None,
        sources: Sequence[SourcePicture | None],
    ) -> Iterator[GenerationRequest]:
        """One request for each run of seeds that follow one another, prompt after prompt.

        `sources` are the pictures that the prompts change.
        """
        images = settings.images_per_prompt
        noises = None if latents is None else given_array("latents", latents)
        if noises is not None and (noises.ndim != 4 or len(noises) != len(seeds)):
            wanted = f"({len(seeds)}, channels, height, width)"
            raise InvalidRequest("latents", f"shape {noises.shape} is not {wanted}")
        together = all(after - before == 1 for before, after in itertools.pairwise(seeds))
        size = images if together else 1
        for at in range(0, len(seeds), size):
            number = at // images
            yield attrs.evolve(
                settings,
                prompt=self.prompts[number],
                negative_prompt=self.negative_prompts[number],
                texts=self.texts[number],
                source=sources[number],
                seed=seeds[at],
                images_per_prompt=size,
                latents=None if noises is None else noises[at : at + size],
            )


def _is_one(given: str | Iterable[str]) -> TypeGuard[str]:
    """Whether this is one prompt, or what is none: each request looks whether its own is text."""
    return isinstance(given, str | bytes) or not isinstance(given, Iterable)


def _own_texts(embeds: dict[str, ArrayLike | None]) -> Iterator[OwnTexts | None]:
    arrays = {
        name: None if each is None else np.atleast_1d(given_array(name, each))
        for name, each in embeds.items()
    }
    count = len(arrays["prompt_embeds"]) if arrays["prompt_embeds"] is not None else 0
    for name, array in arrays.items():
        if array is not None and len(array) != count:
            raise InvalidRequest(name, f"{len(array)} of them for {count} prompts")
    for row in range(count):
        yield OwnTexts.of(
            **{name: None if each is None else each[row : row + 1] for name, each in arrays.items()}
        )
