#!/usr/bin/env python
"""The command line of the service."""

import os
import sys

from django.core.management import execute_from_command_line

# Commands that change the schema connect as its owner; everything else as the serving role.
OWNER_COMMANDS = {"migrate", "sqlmigrate", "flush", "dbshell"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    owner = os.environ.get("DATABASE_OWNER_URL")
    if owner and len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["DATABASE_URL"] = owner

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
