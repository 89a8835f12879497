"""What a person tells of a return, and the file that comes with it."""
