"""Folders and files on this machine: results that appear whole, and what stands beside packages."""
