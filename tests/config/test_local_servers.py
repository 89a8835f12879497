"""Private servers start anywhere, come back after a crash, and are never started twice."""

import os
import shutil
import signal
import socket
import stat

import pytest

from config.local import demonstration, postgres, processes, roles, valkey
from config.local.keys import kept_keys
from config.local.postgres import Postgres, find_binaries
from config.local.processes import LocalError
from config.local.roles import Address
from config.local.system import local_system
from config.local.valkey import Valkey


@pytest.fixture
def ending():
    """End what a test started, whatever became of it."""
    started = []
    yield started.append
    for server, child in started:
        if child:
            processes.end(child, server.end_signal, within=10)
        if server.sockets != server.folder:
            shutil.rmtree(server.sockets, ignore_errors=True)


def started(server, ending):
    child = server.start()
    ending((server, child))
    return child


class TestPostgres:
    def test_comes_back_with_its_data_after_it_was_killed(self, tmp_path, ending):
        server = Postgres(find_binaries(), tmp_path, postgres.LAPTOP)
        child = started(server, ending)
        address = Address.parse(server.url(postgres.SUPERUSER, roles.MAINTENANCE))
        with roles.connected(address) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        child.kill()

        again = started(server, ending)

        assert again.pid != child.pid
        with roles.connected(address) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)

    def test_a_second_start_attaches_to_the_first_and_a_long_path_is_no_matter(
        self, tmp_path, ending
    ):
        folder = tmp_path / ("long" * 30)
        server = Postgres(find_binaries(), folder, postgres.THROWAWAY)

        assert started(server, ending) is not None
        assert started(Postgres(find_binaries(), folder, {}), ending) is None
        assert server.sockets != server.folder

    def test_its_folder_is_closed_to_others_and_it_listens_on_no_port(self, tmp_path, ending):
        server = Postgres(find_binaries(), tmp_path / "pg", postgres.THROWAWAY)
        started(server, ending)

        address = Address.parse(server.url(postgres.SUPERUSER, roles.MAINTENANCE))
        with roles.connected(address) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700

    def test_data_of_another_major_has_another_folder(self):
        assert find_binaries().name == f"pg-{find_binaries().major}"


class TestFindBinaries:
    def test_says_what_to_do_where_the_named_folder_holds_none(self, tmp_path):
        with pytest.raises(LocalError, match="name the folder of initdb and postgres, or unset"):
            find_binaries({"PG_BINDIR": str(tmp_path)})

    def test_the_named_folder_comes_before_the_wheel(self, tmp_path):
        here = find_binaries().folder
        (tmp_path / "bin").symlink_to(here)

        assert find_binaries({"PG_BINDIR": str(tmp_path / "bin")}).folder == tmp_path / "bin"


class TestValkey:
    def test_keeps_its_queue_when_it_is_killed(self, tmp_path, ending):
        server = Valkey(valkey.find_program(), tmp_path)
        child = started(server, ending)
        with socket.socket(socket.AF_UNIX) as talk:
            talk.connect(str(server.socket))
            talk.sendall(b"RPUSH queue a b\r\n")
            assert talk.recv(64) == b":2\r\n"
            talk.sendall(b"WAITAOF 1 0 2000\r\n")
            assert talk.recv(64).startswith(b"*2\r\n:1")
        child.kill()
        child.wait()

        started(server, ending)

        with socket.socket(socket.AF_UNIX) as talk:
            talk.connect(str(server.socket))
            talk.sendall(b"LLEN queue\r\n")
            assert talk.recv(64) == b":2\r\n"


class TestKeys:
    def test_are_made_once_and_only_their_user_may_read_them(self, tmp_path):
        first = kept_keys(tmp_path, {})

        assert kept_keys(tmp_path, {}) == first
        assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600
        assert len(set(first.values())) == len(first) == 3

    def test_the_environment_comes_first_and_is_not_kept(self, tmp_path):
        kept = kept_keys(tmp_path, {})

        assert kept_keys(tmp_path, {"DEMO_PASSWORD": "chosen"})["DEMO_PASSWORD"] == "chosen"
        assert kept_keys(tmp_path, {}) == kept


class TestOneSentence:
    def test_a_taken_port(self):
        with socket.socket() as taken:
            taken.bind((demonstration.services.HOST, 0))
            taken.listen()
            port = taken.getsockname()[1]

            with pytest.raises(LocalError, match=rf"^Port {port} is taken.* PORT=\d+\.$"):
                demonstration.chosen_port({"PORT": str(port)})

    @pytest.mark.parametrize("port", ["web", "0", "70000", "-1"])
    def test_no_port(self, port):
        with pytest.raises(LocalError, match="make it a number from 1 to 65535"):
            demonstration.chosen_port({"PORT": port})

    def test_a_database_without_its_owner(self, tmp_path):
        environ = {"VAR_DIR": str(tmp_path), "DATABASE_URL": "postgres://serving@localhost/one"}

        with pytest.raises(LocalError, match=r"^DATABASE_URL is set without DATABASE_OWNER_URL"):
            local_system(environ)

    def test_a_dead_queue(self, tmp_path):
        environ = {"VAR_DIR": str(tmp_path), "REDIS_URL": "redis://localhost:1"}

        with pytest.raises(
            LocalError, match=r"^No Valkey or Redis answers at REDIS_URL: start it"
        ):
            local_system(environ).check_queue()


class TestRoot:
    def test_postgresql_becomes_nobody_where_namespaces_are_forbidden(
        self, tmp_path, monkeypatch, ending
    ):
        if os.geteuid() != 0:
            assert processes.unprivileged() == []
            return
        monkeypatch.setattr(processes, "namespaces_work", lambda: False)

        command = processes.unprivileged(signal.SIGINT)

        assert command[0] == "setpriv"
        assert command[-2:] == ["--pdeathsig", "INT"]
