"""Pictures as numbers: pixels, sizes, sources, grids and files of them."""
