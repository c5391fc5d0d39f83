"""Publishing through the Hub's client."""

import contextlib
from collections.abc import Iterator
from typing import Any, final

from ...domain.errors import UnwritableRepository
from ...domain.hub.publication import Publication
from ...domain.ports.publishing import Publisher
from .failures import problem_of

_CARD = "README.md"
_MESSAGE = "Publish Core ML networks"
_REFUSALS = (401, 403)
_READ_ONLY = (
    "you may not write there; log in with `hf auth login` or set HF_TOKEN to a token that may write"
)


@final
class HuggingFacePublisher(Publisher):
    """Token and endpoint are those of huggingface_hub."""

    def __init__(
        self, *, endpoint: str | None = None, token: str | None = None, quiet: bool = False
    ) -> None:
        """None stands for the client's own settings; `quiet` shows no bars."""
        self._endpoint = endpoint
        self._token = token
        self._quiet = quiet

    def card(self, publication: Publication) -> str:
        """The card as the client writes it; see the port."""
        from huggingface_hub import ModelCard, ModelCardData  # noqa: PLC0415 - takes a while

        front_matter = ModelCardData(**publication.metadata).to_yaml()
        return str(ModelCard(f"---\n{front_matter}\n---\n\n{publication.text}"))

    def publish(
        self, publication: Publication, *, private: bool = False, create_pr: bool = False
    ) -> str:
        """Send everything, then commit it; see the port."""
        from huggingface_hub import CommitOperationAdd  # noqa: PLC0415 - see above
        from huggingface_hub.utils.tqdm import disable_progress_bars  # noqa: PLC0415 - see above

        if self._quiet:
            disable_progress_bars()
        operations = [
            CommitOperationAdd(path, str(file)) for path, file in publication.files.items()
        ]
        operations.append(CommitOperationAdd(_CARD, self.card(publication).encode()))
        with self._translated(publication.repository):
            api = self._api()
            api.create_repo(publication.repository, private=private, exist_ok=True)
            # One commit for all, whatever their size: uploading a folder would make several.
            commit = api.create_commit(
                publication.repository,
                operations,
                commit_message=_MESSAGE,
                create_pr=create_pr,
            )
        # Where nothing has changed there is no commit, and no pull request.
        return str(commit.pr_url or commit.repo_url)

    def is_gated(self, repository: str) -> bool:
        """Ask the Hub; see the port."""
        try:
            return bool(self._api().model_info(repository).gated)
        except Exception:  # noqa: BLE001 - offline, gone or private: nobody can tell
            return False

    def _api(self) -> Any:
        from huggingface_hub import HfApi  # noqa: PLC0415 - see above

        return HfApi(endpoint=self._endpoint, token=self._token)

    @contextlib.contextmanager
    def _translated(self, repository: str) -> Iterator[None]:
        from huggingface_hub import errors  # noqa: PLC0415 - see above

        try:
            yield
        except Exception as error:
            response = getattr(error, "response", None)
            is_refused = response is not None and response.status_code in _REFUSALS
            if is_refused and not isinstance(error, errors.GatedRepoError):
                problem = _READ_ONLY
            else:
                problem = problem_of(error, repository, None, self._endpoint)
            raise UnwritableRepository(repository, problem) from error
