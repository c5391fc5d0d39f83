"""The outside world, one foreign thing a folder; each adapter knows the domain and no other."""
