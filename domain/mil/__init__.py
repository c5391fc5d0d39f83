"""ML Programs as data: what a package or a bundle says, whoever wrote it and whatever runs it."""
