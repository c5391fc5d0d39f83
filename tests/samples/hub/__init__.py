"""A Hugging Face Hub on this machine that its real client can read and write."""

from .read_only import COMMIT, GATED, REPOSITORY, LocalHub, local_hub

__all__ = ["COMMIT", "GATED", "REPOSITORY", "LocalHub", "local_hub"]
