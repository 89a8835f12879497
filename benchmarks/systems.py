"""Databases of the benchmark's own, beside whatever else the server holds, and what is in them."""

import datetime as dt
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from config.local import roles, services
from config.local.roles import Address
from config.local.system import ROOT

WHOLE, QUARTER = "benchmark_whole", "benchmark_quarter"
PASSWORD = "of-the-benchmark"  # noqa: S105 - of a database that holds nobody


def folder() -> Path:
    """Where the files of the benchmark are kept between runs."""
    return Path(os.environ["VAR_DIR"]) / "benchmarks"


def owner_of(database: str) -> Address:
    return Address.parse(os.environ["DATABASE_OWNER_URL"]).of(database)


def make_database(name: str) -> None:
    """A new, migrated, empty database in place of an earlier one."""
    owner = owner_of(roles.MAINTENANCE)
    serving = Address.parse(os.environ["DATABASE_URL"])
    with roles.connected(owner) as connection:
        roles.drop_database(connection, name=name)
        roles.create_database(connection, name=name, owner=owner.user)
    with roles.connected(owner.of(name)) as connection:
        roles.open_to_serving(connection, owner=owner.user, serving=serving.user)
    there = owner.of(name).url
    environ = {**os.environ, "DATABASE_URL": there, "DATABASE_OWNER_URL": there}
    migrate = services.manage("migrate", "--verbosity", "0", "--skip-checks")
    subprocess.run(migrate, env=environ, cwd=ROOT, check=True)  # noqa: S603 - our own program


def is_made(name: str) -> bool:
    with roles.connected(owner_of(roles.MAINTENANCE)) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def set_up() -> None:
    """Django, in the benchmark's database from the first connection on. Nothing follows an event:
    the benchmark does what jobs would do, one after the other."""
    os.environ["DATABASE_URL"] = Address.parse(os.environ["DATABASE_URL"]).of(WHOLE).url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - only now

    settings.EVENT_TASKS = {name: [] for name in settings.EVENT_TASKS}


def enter(name: str) -> None:
    """From here on this process works in that database."""
    from django.db import connection  # noqa: PLC0415

    connection.close()
    connection.settings_dict["NAME"] = name


def know_the_data(name: str) -> None:
    """What autovacuum does within minutes of a load: statistics of every table."""
    with roles.connected(owner_of(name)) as connection:
        connection.execute("VACUUM (ANALYZE)")


def found_england() -> None:
    """Reference data, the register of the synthetic England, and its people who sign in."""
    from commissioning.services.reference import load_reference  # noqa: PLC0415
    from pathways.demonstration.england import england  # noqa: PLC0415
    from pathways.demonstration.geography import chosen_partnerships  # noqa: PLC0415
    from reporting.demonstration import loading as demonstration  # noqa: PLC0415
    from reporting.demonstration.people import people, sign_in  # noqa: PLC0415

    load_reference(by=demonstration.BY)
    register = england(chosen_partnerships(None))
    demonstration.found(register)
    signed = people(register, home=demonstration.HOME, region=demonstration.WHOLE_REGION)
    sign_in(signed, password=PASSWORD)


def whole_file(clients: int, progress: Callable[[int], None]) -> tuple[Path, dict[str, Any]]:
    """The file of everything and its manifest, written once and kept."""
    from pathways.demonstration.returns import (  # noqa: PLC0415
        MANIFEST,
        WHOLE_SYSTEM,
        write_whole_system,
    )

    place = folder() / str(clients)
    if not (place / MANIFEST).exists():
        (place / WHOLE_SYSTEM).unlink(missing_ok=True)
        write_whole_system(clients=clients, seed=2006, folder=place, progress=progress)
    manifest: dict[str, Any] = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    return place / WHOLE_SYSTEM, manifest


def last_day(manifest: dict[str, Any]) -> dt.date:
    return dt.date.fromisoformat(manifest["business_day"])
