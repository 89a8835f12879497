"""The commands of the three processes that serve; the composed system uses the same words."""

import urllib.error
import urllib.request

from config.local.processes import PYTHON, Command

HOST = "127.0.0.1"
WEB_PROCESSES, WEB_THREADS, WORKER_PROCESSES = 2, 4, 2
# Root in a container is what it is; the rest of the worker's words stay.
QUIET = "ignore:You're running the worker with superuser"


def web(bind: str) -> Command:
    size = ("--workers", str(WEB_PROCESSES), "--threads", str(WEB_THREADS))
    manner = ("--no-control-socket", "--graceful-timeout", "3", "--log-level", "warning")
    return ["gunicorn", "config.wsgi:application", "--bind", bind, *size, *manner]


def worker() -> Command:
    size = ("--concurrency", str(WORKER_PROCESSES))
    # Talking to other workers at the start costs seconds and gains us nothing.
    manner = ("--loglevel", "warning", "--without-mingle", "--without-gossip")
    return ["celery", "-A", "config", "--quiet", "worker", *size, *manner]


def beat(schedule: str) -> Command:
    manner = ("--loglevel", "warning", "--pidfile", "", "--schedule", schedule)
    return ["celery", "-A", "config", "--quiet", "beat", *manner]


def manage(*words: str) -> Command:
    return [PYTHON, "manage.py", *words]


def as_module(command: Command) -> Command:
    """The same command by this interpreter, wherever its scripts are."""
    return [PYTHON, "-W", QUIET, "-m", *command]


def answers(port: int) -> bool:
    """Whether the web server on this machine gives any page but a broken one."""
    asked = urllib.request.Request(
        f"http://{HOST}:{port}/account/login/", headers={"X-Forwarded-Proto": "https"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=10):  # noqa: S310
            return True
    except urllib.error.HTTPError as error:
        with error:
            return error.code < 500  # noqa: PLR2004 - the server's own errors begin here
    except OSError:
        return False
