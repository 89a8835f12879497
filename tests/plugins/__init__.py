"""What the tests stand on: servers, a database a process, a browser."""
