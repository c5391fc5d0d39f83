"""Where the program is wired together and spoken to: the container, the Python API, the CLI."""
