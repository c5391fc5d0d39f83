"""Trying converted networks on what drawing a picture gives them."""
