"""The command line: one file a verb. Importing this package loads nothing."""
