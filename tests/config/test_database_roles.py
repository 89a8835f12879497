"""The serving role reads and writes rows and changes nothing else."""

import os

import psycopg
import pytest
from django.db import connection

from config.local import roles
from config.local.roles import Address

pytestmark = pytest.mark.django_db


def refusal(statement):
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with roles.connected(Address.parse(os.environ["DATABASE_URL"])) as serving, refused:
        serving.execute(statement)


class TestServingRole:
    def test_is_the_one_the_tests_connect_as_and_has_no_powers(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls"
                " FROM pg_roles WHERE rolname = current_user"
            )
            row = cursor.fetchone()

        serving = Address.parse(os.environ["DATABASE_URL"]).user
        assert row == (serving, False, False, False, False)

    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE TABLE public.of_mine (a int)",
            "ALTER TABLE commissioning_user ADD COLUMN of_mine int",
            "DROP TABLE commissioning_user",
            "TRUNCATE django_session",
            "CREATE EXTENSION hstore",
            "CREATE SCHEMA of_mine",
        ],
    )
    def test_may_not_change_the_schema_or_truncate(self, statement):
        refusal(statement)

    def test_may_write_rows_of_every_table_the_migrations_made(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT ("
                "has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT, INSERT'))"
            )
            closed = cursor.fetchall()

        assert closed == []

    def test_sees_the_extensions_the_schema_needs(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT extname FROM pg_extension")
            there = {name for (name,) in cursor.fetchall()}

        assert there >= set(roles.EXTENSIONS)


@pytest.mark.django_db(transaction=True)
class TestOwner:
    def test_what_it_creates_later_is_served_at_once(self, owner_connection):
        owner_connection.execute("CREATE TABLE made_later (id serial, word text)")

        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO made_later (word) VALUES ('served') RETURNING id")
            assert cursor.fetchone() == (1,)
        refusal("TRUNCATE made_later")

    def test_laying_the_roles_again_changes_nothing(self, owner_connection):
        before = owner_connection.execute("SELECT * FROM pg_default_acl").fetchall()
        owner, serving = (
            Address.parse(os.environ[name]) for name in ("DATABASE_OWNER_URL", "DATABASE_URL")
        )

        roles.lay_roles(owner=owner, serving=serving)

        after = owner_connection.execute("SELECT * FROM pg_default_acl").fetchall()
        assert after == before


class TestAddress:
    def test_reads_a_socket_folder_and_keeps_it_for_another_database(self):
        address = Address.parse("postgres://serving@%2Frun%2Fa%20b/one").of("two")

        assert (address.user, address.host, address.database) == ("serving", "/run/a b", "two")

    @pytest.mark.parametrize("url", ["sqlite:///db", "postgres://localhost", "nonsense"])
    def test_says_what_to_write_where_no_database_is_named(self, url):
        with pytest.raises(roles.LocalError, match=r"^DATABASE_URL (names no|cannot be read)"):
            Address.parse(url)

    def test_says_where_nobody_answers(self):
        nowhere = Address.parse("postgres://serving@%2Fno%2Fsuch%2Ffolder/treatment")

        with pytest.raises(roles.LocalError, match=r"No PostgreSQL lets serving into 'treatment'"):
            roles.connected(nowhere).__enter__()
