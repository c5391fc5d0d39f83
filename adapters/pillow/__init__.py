"""Pictures through Pillow."""
