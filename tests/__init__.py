"""The tests, in the order of the apps; what they stand on is in `plugins`."""
