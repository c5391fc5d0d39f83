"""The command line: one file a command; heavy modules are imported when a command runs."""
