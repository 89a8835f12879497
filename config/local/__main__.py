"""`python -m config.local demo | run -- COMMAND | roles | health PORT`."""

import argparse
import os
import signal
import sys
from types import FrameType

from config.local import roles, services
from config.local.demonstration import demonstrate
from config.local.processes import LocalError, say
from config.local.roles import Address
from config.local.system import run


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.local")
    choices = parser.add_subparsers(dest="choice", required=True)
    choices.add_parser("demo", help="serve the demonstration until Ctrl-C")
    running = choices.add_parser("run", help="run a command with the servers up")
    running.add_argument("command", nargs=argparse.REMAINDER)
    choices.add_parser("roles", help="lay both database roles on a PostgreSQL of one's own")
    health = choices.add_parser("health", help="whether the web server here answers")
    health.add_argument("port", type=int)
    asked = parser.parse_args(words)
    try:
        return _do(asked)
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _do(asked: argparse.Namespace) -> int:
    match asked.choice:
        case "demo":
            demonstrate()
        case "run":
            command = [word for word in asked.command if word != "--"]
            if not command:
                raise LocalError("Name a command: python -m config.local run -- COMMAND.")
            signal.signal(signal.SIGTERM, _leave)
            return run(command)
        case "health":
            return 0 if services.answers(asked.port) else 1
        case "roles":
            owner, serving = (_address(name) for name in ("DATABASE_OWNER_URL", "DATABASE_URL"))
            roles.lay_roles(owner=owner, serving=serving)
            say(f"{serving.user} serves {serving.database}, {owner.user} owns it.")
    return 0


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _address(variable: str) -> Address:
    if url := os.environ.get(variable):
        return Address.parse(url, variable=variable)
    raise LocalError(f"Set {variable}: see the table of variables in README.md.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
