"""The tables of CLIP's tokenizer, from the repository of Stable Diffusion 1's text encoder."""

from pathlib import Path
from typing import final

from ...domain.errors import UnreachableCheckpoint
from ...domain.ports.tokenizers import TokenizerSource
from .failures import problem_of

_CLIP = "openai/clip-vit-large-patch14"
_FILES = ["vocab.json", "merges.txt"]


@final
class HubClipTables(TokenizerSource):
    """Fetches the two files once; cache, token and offline mode are those of huggingface_hub."""

    def __init__(
        self,
        repository: str = _CLIP,
        *,
        endpoint: str | None = None,
        cache: Path | None = None,
    ) -> None:
        """None stands for the client's own settings."""
        self._repository = repository
        self._endpoint = endpoint
        self._cache = cache

    def clip(self) -> Path:
        """Bring the tables to this machine."""
        # The client takes a third of a second to import.
        from huggingface_hub import snapshot_download  # noqa: PLC0415 - see above

        try:
            folder = snapshot_download(
                self._repository,
                allow_patterns=_FILES,
                cache_dir=self._cache,
                endpoint=self._endpoint,
            )
        # Besides its own errors the client lets those of its HTTP library through, old or new.
        except Exception as error:
            problem = problem_of(error, self._repository, None, self._endpoint)
            mend = f"or put its {' and '.join(_FILES)} beside the file"
            raise UnreachableCheckpoint(self._repository, f"{problem}; {mend}") from error
        return Path(folder)
