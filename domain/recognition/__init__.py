"""What a folder without pipeline.json, made by Apple's tool, tells of its model."""
