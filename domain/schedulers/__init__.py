"""From noise to a picture: noise levels are data, stepping between them is a function."""
