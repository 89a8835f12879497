"""Whether the service lives, and whether it can serve. Open to whoever watches it."""

from collections.abc import Callable

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commissioning.kernel.clock import technical_now
from commissioning.selectors.jobs import seconds_since_heartbeat
from commissioning.services.jobs import SWEEPER

OLDEST_SWEEP = 120.0  # seconds; beat sends one every fifteen


class NotReady(Exception):
    """A part the service needs does not answer; the message is one word or two."""


@login_not_required
@never_cache
@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Each part in a word; 503 when one is not well. Says nothing of versions or addresses."""
    parts = {name: _state(check) for name, check in CHECKS.items()}
    well = all(state == "ok" for state in parts.values())
    return JsonResponse({"ready": well, **parts}, status=200 if well else 503)


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as fault:
        return str(fault)
    except Exception:  # noqa: BLE001 - whatever it is, the answer is that it does not answer
        return "does not answer"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("not applied")


def _broker() -> None:
    with current_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def _shared_memory() -> None:
    cache.get("readyz")


def _sweeper() -> None:
    age = seconds_since_heartbeat(SWEEPER, now=technical_now())
    if age is None:
        raise NotReady("has not run")
    if age > OLDEST_SWEEP:
        raise NotReady(f"last ran {age:.0f} seconds ago")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "shared_memory": _shared_memory,
    "sweeper": _sweeper,
}
