"""What a person at a console sees of long work: bars, lines, or nothing."""
