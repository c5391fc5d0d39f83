"""Core ML models on the Hugging Face Hub: what repositories hold, and which part of it to take."""
