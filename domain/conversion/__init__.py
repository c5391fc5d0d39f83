"""From a checkpoint to packages: what to convert, how, and what passes between the steps."""
