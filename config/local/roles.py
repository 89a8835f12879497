"""Who may do what in the database: an owner that changes its shape, a role that serves.

The owner migrates and creates databases. The serving role reads and writes rows; it may not
create, change, truncate or drop anything, so that neither a mistake nor an injected statement
in a page can. What the owner creates later is open to the serving role at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString, Self
from urllib.parse import quote, urlsplit, urlunsplit

import dj_database_url
import psycopg
from psycopg import Connection, sql

from config.local.processes import LocalError

MAINTENANCE = "postgres"  # a database every server has, to stand in while others are made
EXTENSIONS = ("btree_gist", "pg_trgm")
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Address:
    """Where a database is and as whom to go there, read from a DATABASE_URL."""

    url: str
    host: str
    port: str
    user: str
    password: str
    database: str

    @classmethod
    def parse(cls, url: str, *, variable: str = "DATABASE_URL") -> Self:
        try:
            parts = dj_database_url.parse(url)
        except (dj_database_url.ParseError, ValueError) as error:
            raise LocalError(f"{variable} cannot be read: {error}") from error
        if "postgresql" not in str(parts.get("ENGINE")) or not parts.get("NAME"):
            raise LocalError(
                f"{variable} names no PostgreSQL database: write it as postgres://user@host/name."
            )
        words = ("HOST", "PORT", "USER", "PASSWORD", "NAME")
        return cls(url, *(str(parts.get(word) or "") for word in words))

    def of(self, database: str) -> "Address":
        """The same server and role, another database."""
        parts = urlsplit(self.url)
        return Address.parse(urlunsplit(parts._replace(path=f"/{quote(database, safe='')}")))


@contextmanager
def connected(address: Address) -> Iterator[Connection[Row]]:
    """A connection where each statement is its own transaction; a sentence if nobody answers."""
    try:
        connection = psycopg.connect(
            host=address.host or None,
            port=address.port or None,
            user=address.user or None,
            password=address.password or None,
            dbname=address.database,
            connect_timeout=5,
            autocommit=True,
        )
    except psycopg.OperationalError as error:
        said = str(error).strip().replace("\n", " ")
        raise LocalError(
            f"No PostgreSQL lets {address.user or 'us'} into {address.database!r} at "
            f"{address.host or 'the local socket'}: start it, or mend the address ({said})."
        ) from error
    with connection:
        yield connection


def create_role(connection: Connection[Row], *, name: str, password: str, databases: bool) -> bool:
    """Create a role that may sign in; `databases` lets it create them. False if it is there."""
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        return False
    may = "LOGIN CREATEDB" if databases else "LOGIN"
    secret = sql.SQL(" PASSWORD {}").format(password) if password else sql.SQL("")
    connection.execute(_say(f"CREATE ROLE {{}} {may}", name) + secret)
    return True


def put_over(connection: Connection[Row], *, owner: str, serving: str) -> None:
    """Let the owner end the serving role's connections, as dropping a database in use must."""
    connection.execute(_say("GRANT {} TO {}", serving, owner))


def create_database(
    connection: Connection[Row], *, name: str, owner: str, template: str | None = None
) -> bool:
    """Create a database, a copy of `template` if one is named. False if it is there.

    Files are copied whole: a small database is there in a third of the time that its blocks take.
    """
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return False
    copied = _say(" TEMPLATE {} STRATEGY FILE_COPY", template) if template else sql.SQL("")
    connection.execute(_say("CREATE DATABASE {} OWNER {}", name, owner) + copied)
    return True


def drop_database(connection: Connection[Row], *, name: str) -> None:
    """Drop a database if it is there, whoever is connected to it."""
    connection.execute(_say("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def open_to_serving(connection: Connection[Row], *, owner: str, serving: str) -> None:
    """In this database: the extensions the schema needs, and the rows open to the serving role.

    Whoever is connected has to be the owner or a superuser.
    """
    for extension in EXTENSIONS:
        connection.execute(_say("CREATE EXTENSION IF NOT EXISTS {}", extension))
    connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    connection.execute(_say("GRANT USAGE ON SCHEMA public TO {}", serving))
    rows = "SELECT, INSERT, UPDATE, DELETE"
    for what, kind in ((rows, "TABLES"), ("USAGE, SELECT", "SEQUENCES")):
        connection.execute(_say(f"GRANT {what} ON ALL {kind} IN SCHEMA public TO {{}}", serving))
        later = f"GRANT {what} ON {kind} TO {{}}"
        connection.execute(
            _say(
                f"ALTER DEFAULT PRIVILEGES FOR ROLE {{}} IN SCHEMA public {later}", owner, serving
            )
        )


def lay_roles(*, owner: Address, serving: Address) -> None:
    """On a PostgreSQL of one's own, as its owner: the serving role, the extensions, the grants.

    May be run again at any time; an owner that may not create roles finds the role made already.
    """
    with connected(owner) as connection:
        if create_role(connection, name=serving.user, password=serving.password, databases=False):
            put_over(connection, owner=owner.user, serving=serving.user)
        open_to_serving(connection, owner=owner.user, serving=serving.user)


def _say(words: LiteralString, *names: str) -> sql.Composed:
    return sql.SQL(words).format(*map(sql.Identifier, names))
