"""What holding converted networks against their originals has shown."""
