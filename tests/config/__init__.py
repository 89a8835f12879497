"""The two commands, the servers under them and the top level."""
