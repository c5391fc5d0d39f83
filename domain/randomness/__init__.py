"""Where the starting noise comes from."""
