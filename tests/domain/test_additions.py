"""What a model was changed with before is asked for, and recognised."""

from pathlib import Path

import pytest
from coreml_stable_diffusion.domain.additions import NOTHING, Additions
from coreml_stable_diffusion.domain.changes import Embedding, Lora
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.model_facts import Change

STYLE = Change(kind="LoRA", name="style.safetensors", digest="12", scale=0.5)
CAT = Change(kind="embedding", name="cat.safetensors:<cat>", digest="34")
VAE = Change(kind="VAE", name="owner/vae", digest="56", revision="78")


def test_files_that_are_given_again_are_recognised_and_the_vae_is_found() -> None:
    given = Additions(
        loras=(Lora(Path("elsewhere", "style.safetensors"), 0.5),),
        embeddings=(Embedding(Path("cat.safetensors"), "<cat>"),),
    )

    assert given.with_changes([STYLE, CAT, VAE]) == Additions(
        loras=given.loras,
        embeddings=given.embeddings,
        vae="owner/vae",
        revisions={"owner/vae": "78"},
    )


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (STYLE, "--lora: the model was made with style.safetensors; give style.safetensors:0.5,"),
        (CAT, "--embedding: the model was made with cat.safetensors:<cat>; give"),
    ],
)
def test_files_that_are_not_given_are_asked_for(change: Change, complaint: str) -> None:
    with pytest.raises(InvalidRequest, match=complaint):
        NOTHING.with_changes([change])
