"""A seed for those who gave none; chosen here, so that nothing inside is left to chance."""

import secrets


def random_seed() -> int:
    """Any seed below 2^31, which leaves room for the seeds of further pictures."""
    return secrets.randbelow(2**31)
