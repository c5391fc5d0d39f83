"""One use case a file: ports in `__init__`, values in `__call__`."""
