"""The Hugging Face Hub, where checkpoints are found by their ids."""
