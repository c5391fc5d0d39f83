"""From what a user writes to chunks of tokens, and how much each token counts."""
