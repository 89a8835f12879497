"""A database of its own for each test process: a clone of the migrated template.

Tests connect as the serving role, as the service does. It may not truncate, so a test that commits
(`transaction=True`, `live_server`) gets a new clone behind it instead of emptied tables.
"""

import fcntl
import os
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase, override_settings

from config.local import roles, services
from config.local.roles import Address
from config.local.system import ROOT


class Clone:
    """The database of this test process."""

    def __init__(self) -> None:
        session = Path(os.environ["TEST_RUN_DIR"]).name.replace("-", "_")
        self.name = f"test_{session}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        self.owner = Address.parse(os.environ["DATABASE_OWNER_URL"]).of(roles.MAINTENANCE)
        self.serving = Address.parse(os.environ["DATABASE_URL"]).of(self.name)

    def make(self) -> None:
        with roles.connected(self.owner) as connection:
            self._drop(connection)
            roles.create_database(
                connection,
                name=self.name,
                owner=self.owner.user,
                template=os.environ["TEST_TEMPLATE"],
            )

    def remake(self) -> None:
        connections.close_all()
        self.make()

    def drop(self) -> None:
        connections.close_all()
        with roles.connected(self.owner) as connection:
            self._drop(connection)

    def _drop(self, connection):
        """A server's own worker in the database cannot be ended by its owner, only waited for."""
        for patience in (0.25,) * 20 + (0,):
            try:
                roles.drop_database(connection, name=self.name)
            except psycopg.errors.InsufficientPrivilege:
                if not patience:
                    raise
                time.sleep(patience)
            else:
                return

    def enter(self) -> None:
        """From here on this process, its threads and its children are in the clone."""
        connections.close_all()
        connections.settings["default"]["NAME"] = self.name
        settings.DATABASES["default"]["NAME"] = self.name
        os.environ["DATABASE_URL"] = self.serving.url
        os.environ["DATABASE_OWNER_URL"] = self.owner.of(self.name).url


def ensure_template(owner: Address, serving: Address) -> None:
    """The migrated template, made by the first test process that needs it."""
    name = os.environ["TEST_TEMPLATE"]
    with (Path(os.environ["TEST_RUN_DIR"]) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with roles.connected(owner) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if found.fetchone():
                return
            unfinished = f"{name}_unfinished"
            roles.drop_database(connection, name=unfinished)
            roles.create_database(connection, name=unfinished, owner=owner.user)
        with roles.connected(owner.of(unfinished)) as connection:
            roles.open_to_serving(connection, owner=owner.user, serving=serving.user)
        _migrate(owner.of(unfinished))
        with roles.connected(owner) as connection:
            connection.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def _migrate(address: Address) -> None:
    environ = {**os.environ, "DATABASE_URL": address.url, "DATABASE_OWNER_URL": address.url}
    asked = services.manage("migrate", "--verbosity", "0", "--skip-checks")
    done = subprocess.run(
        asked, env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.fail(f"The migrations fail: {done.stderr[-2000:]}", pytrace=False)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """In place of pytest-django's own: the clone, and a new one behind each test that commits."""
    clone = Clone()
    ensure_template(clone.owner, clone.serving)
    clone.make()
    clone.enter()
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: clone.remake())
    yield
    patch.undo()
    with django_db_blocker.unblock():
        clone.drop()


@pytest.fixture
def owner_connection(transactional_db):
    """This process's database as its owner, for tests of what the serving role may not do."""
    with roles.connected(Address.parse(os.environ["DATABASE_OWNER_URL"])) as connection:
        yield connection


@pytest.fixture(scope="session", autouse=True)
def _quick_settings(django_test_environment):
    """A cache a process, so that no test locks another's user out; a hash that costs nothing."""
    quick = override_settings(
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with quick:
        yield
