"""The pocket model: a complete, tiny, trained checkpoint that ships inside the package."""
