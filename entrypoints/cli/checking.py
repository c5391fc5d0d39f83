"""Holds a folder of packages against its checkpoint, and tells what was found."""

import json
from pathlib import Path

import typer

from ...adapters.files.verification_document import to_document
from ...domain.additions import NOTHING, Additions
from ...domain.request import GenerationRequest
from ...domain.verification.threshold import PASSING_PSNR_DB
from ..container import Container
from ..settings import Settings
from .checking_options import TRIAL_PROMPT, TRIAL_SEED, TRIAL_STEPS
from .verification_view import tables

FAILED = 1


def check(
    settings: Settings,
    folder: Path,
    *,
    against: str | None = None,
    additions: Additions = NOTHING,
    threshold_db: float = PASSING_PSNR_DB,
    swaps: bool = False,
    prompt: str = TRIAL_PROMPT,
    seed: int = TRIAL_SEED,
    steps: int = TRIAL_STEPS,
    as_json: bool = False,
) -> None:
    """Verify the folder, keep the findings in it, and print them.

    Ends with 1 where a package is under the threshold. Raises what verifying raises.
    """
    container = Container(settings=settings)
    request = GenerationRequest(prompt=prompt, seed=seed, num_inference_steps=steps)
    verification = container.verify()(
        folder,
        request,
        against=against,
        additions=additions,
        threshold_db=threshold_db,
        swaps=swaps,
    )
    container.verifications().write(folder, verification)
    if as_json:
        typer.echo(json.dumps(to_document(verification), indent=2, ensure_ascii=False))
    else:
        typer.echo(tables(verification), nl=False)
    if verification.failures:
        typer.echo(f"Under {threshold_db:g} dB: {'; '.join(verification.failures)}", err=True)
        raise typer.Exit(FAILED)
