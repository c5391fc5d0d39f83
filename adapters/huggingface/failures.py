"""What the Hub's client raises, in words that say what to do."""

from ...domain.errors import first_line


def problem_of(
    error: Exception, repository: str, revision: str | None, endpoint: str | None
) -> str:
    """Why a repository could not be read or written, and the mend."""
    from huggingface_hub import constants, errors  # noqa: PLC0415 - takes a third of a second

    problems = {
        errors.GatedRepoError: (
            f"it is gated; accept its terms at {endpoint or constants.ENDPOINT}/{repository},"
            " then log in with `hf auth login` or set HF_TOKEN"
        ),
        errors.RepositoryNotFoundError: (
            "there is no such repository, and no such folder here;"
            " a private one needs `hf auth login` or HF_TOKEN"
        ),
        errors.RevisionNotFoundError: f"it has no revision {revision}",
        errors.LocalEntryNotFoundError: (
            "the Hub cannot be reached, and the cache on this machine does not hold it"
        ),
    }
    # The first that fits: a gated repository counts as not found, too.
    fitting = (text for kind, text in problems.items() if isinstance(error, kind))
    return next(fitting, first_line(error))
