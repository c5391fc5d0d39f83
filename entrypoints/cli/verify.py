"""`coreml-sd verify`: are the packages as good as what they were made from?"""

from ...domain.additions import Additions
from ...domain.verification.threshold import PASSING_PSNR_DB
from ..settings import RuntimeChoice
from . import checking_options, options
from .weight_files import given_embeddings, given_loras

EXAMPLES = """\b
Hold the packages of a folder against the checkpoint that they were made from:
  coreml-sd verify sd15

\b
Ask more of them, and find which one costs the picture most:
  coreml-sd verify sd15 --threshold 45 --swap

\b
Hold them against a checkpoint that is somewhere else now, for another program:
  coreml-sd verify sd15 --against checkpoints/sd15 --json
"""


def verify(
    *,
    folder: checking_options.VerifiedFolder,
    against: checking_options.Against = None,
    lora: options.Loras = None,
    embedding: options.Embeddings = None,
    allow_pickle: options.AllowPickle = False,
    threshold: checking_options.Threshold = PASSING_PSNR_DB,
    swap: checking_options.Swap = False,
    prompt: checking_options.TrialPrompt = checking_options.TRIAL_PROMPT,
    seed: checking_options.TrialSeed = checking_options.TRIAL_SEED,
    steps: checking_options.TrialSteps = checking_options.TRIAL_STEPS,
    runtime: options.Runtime = RuntimeChoice.AUTO,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare every package with PyTorch, on what drawing a picture gives it.

    The packages run here as they would anywhere; PyTorch computes in float32. The findings go to
    verify.json in the folder, too. Exit code 1 where a package is under the threshold.
    """
    # Help is answered without NumPy and the adapters.
    from ..settings import Settings  # noqa: PLC0415 - see above
    from .checking import check  # noqa: PLC0415 - see above

    check(
        Settings.from_environment(runtime=runtime, allow_pickle=allow_pickle, quiet=quiet),
        folder,
        against=against,
        additions=Additions(
            loras=given_loras(lora),
            embeddings=given_embeddings(embedding),
        ),
        threshold_db=threshold,
        swaps=swap,
        prompt=prompt,
        seed=seed,
        steps=steps,
        as_json=as_json,
    )
