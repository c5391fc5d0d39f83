"""The picture world of the pocket model: scenes, how they are drawn and how they are read."""
