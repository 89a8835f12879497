"""The demonstration: servers, schema, data, web, worker and beat, until somebody ends it."""

import os
import signal
import socket
import time
from collections.abc import Mapping
from types import FrameType

from config.local import processes, services
from config.local.processes import LocalError, say
from config.local.supervisor import Supervisor
from config.local.system import ROOT, System, local_system

LOADING = "load_demonstration"
WEB_PATIENCE = 60.0  # seconds until the first page
SIGN_INS = {
    "lead@demo.example": "lead of a partnership",
    "approver@demo.example": "finance approver",
    "care@demo.example": "care manager",
    "provider@demo.example": "manager of a drug team",
    "rehab@demo.example": "manager of a house",
    "reviewer@demo.example": "regional reviewer",
    "national@demo.example": "national reviewer",
    "admin@demo.example": "administrator",
}


class Stopped(BaseException):
    """Somebody asked us to end."""


def demonstrate(environ: Mapping[str, str] = os.environ) -> None:
    """Serve the demonstration until Ctrl-C or SIGTERM."""
    os.chdir(ROOT)
    port = chosen_port(environ)
    system = local_system({"SITE_URL": f"http://localhost:{port}", **environ})
    try:
        with system.in_use(), Supervisor() as supervisor:
            _stop_on_signals()
            _lay_ground(system, supervisor)
            _serve(system, supervisor, port)
            say(_welcome(port, system.variables["DEMO_PASSWORD"]))
            supervisor.watch()
    except Stopped:
        say("The demonstration has ended; its data stays for the next time.")


def chosen_port(environ: Mapping[str, str]) -> int:
    """PORT, or 8000; a sentence where it is no port or somebody else's."""
    wanted = environ.get("PORT") or "8000"
    if not wanted.isdecimal() or not 0 < int(wanted) < 2**16:
        raise LocalError(f"PORT is {wanted!r}: make it a number from 1 to 65535.")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((services.HOST, int(wanted)))
        except PermissionError as error:
            raise LocalError(f"Port {wanted} may not be used: choose one above 1023.") from error
        except OSError as error:
            other = int(wanted) + 1 if int(wanted) < 2**16 - 1 else 8000
            raise LocalError(
                f"Port {wanted} is taken, perhaps by a demonstration that runs already: "
                f"end that, or choose another with PORT={other}."
            ) from error
    return int(wanted)


def _lay_ground(system: System, supervisor: Supervisor) -> None:
    began = time.monotonic()
    for server in system.servers:
        supervisor.serve(server)
        say(f"{server.title} runs in {server.folder} ({time.monotonic() - began:.1f} s)")
    system.lay_database()
    system.check_queue()
    _step(system, "Bringing the database's schema up to date", "migrate")
    _step(system, "Loading reference data and the demonstration", LOADING)


def _step(system: System, title: str, command: str) -> None:
    """A command that has to end well before anything is served; it shows its own progress."""
    say(f"{title} ...")
    began = time.monotonic()
    child = processes.start(services.manage(command), environ=system.variables)
    try:
        code = child.wait()
    finally:
        processes.end(child, within=5)
    if code:
        raise LocalError(f"manage.py {command} failed: its reason is above.")
    say(f"  done in {time.monotonic() - began:.1f} s")


def _serve(system: System, supervisor: Supervisor, port: int) -> None:
    schedule = system.var / "beat"
    commands = {
        "web": services.web(f"{services.HOST}:{port}"),
        "worker": services.worker(),
        "beat": services.beat(str(schedule)),
    }
    say("Starting web, worker and beat ...")
    for name, command in commands.items():
        supervisor.keep(name, services.as_module(command), system.variables)
    deadline = time.monotonic() + WEB_PATIENCE
    supervisor.watch(until=lambda: services.answers(port) or time.monotonic() > deadline)
    if not services.answers(port):
        raise LocalError("The web server does not answer: its reason is above.")


def _welcome(port: int, password: str) -> str:
    people = "\n".join(f"    {address:<24} {role}" for address, role in SIGN_INS.items())
    return (
        f"\nReady: http://localhost:{port}\n\n"
        f"Sign in with the password  {password}  as\n{people}\n\nCtrl-C ends it.\n"
    )


def _stop_on_signals() -> None:
    """Turn the signals that end a program into one way out, taken once and then in peace."""
    ends = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(_number: int, _frame: FrameType | None) -> None:
        for one in ends:
            signal.signal(one, signal.SIG_IGN)
        raise Stopped

    for one in ends:
        signal.signal(one, stop)
