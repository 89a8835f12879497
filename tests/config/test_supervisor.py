"""What falls is started again; nothing is left behind, however the supervisor ends."""

import os
import signal
import subprocess
import sys
import time

import pytest

from config.local import processes, supervisor
from config.local.processes import LocalError
from config.local.servers import Server
from config.local.supervisor import Supervisor

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
# A supervisor of its own with one child, whose number it prints.
PROGRAM = """
import sys
from config.local.supervisor import Supervisor
with Supervisor() as ours:
    ours.keep("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"], {})
    print(ours.charges[0].process.pid, flush=True)
    ours.watch()
"""


@pytest.fixture
def told(monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(supervisor, "GLANCE", 0.01)
    monkeypatch.setattr(supervisor, "LOOK", 0.02)
    return []


def soon(condition):
    return processes.wait_until(condition, within=10)


class TestSupervisor:
    def test_starts_a_killed_child_again_and_says_so(self, told):
        with Supervisor(told.append) as ours:
            ours.keep("worker", SLEEPER, {})
            first = ours.charges[0].process
            first.kill()

            ours.watch(until=lambda: ours.charges[0].process is not first)

            assert ours.charges[0].process.poll() is None
        assert told == ["worker was killed by signal 9; it is started again in 0.05 s."]

    def test_waits_twice_as_long_after_each_fall(self, told):
        with Supervisor(told.append) as ours:
            ours.keep("web", [sys.executable, "-c", "raise SystemExit(3)"], {})

            ours.watch(until=lambda: len(told) == 3)

        assert told == [
            f"web ended with code 3; it is started again in {pause} s."
            for pause in ("0.05", "0.1", "0.2")
        ]

    def test_ends_every_child_when_it_is_left_by_an_error(self, told):
        def fail():
            with Supervisor(told.append) as ours:
                ours.keep("one", SLEEPER, {})
                ours.keep("two", SLEEPER, {})
                children.extend(charge.process for charge in ours.charges)
                raise RuntimeError

        children = []
        with pytest.raises(RuntimeError):
            fail()

        assert [child.poll() for child in children] == [-signal.SIGTERM] * 2

    def test_kills_a_child_that_will_not_end(self, told, monkeypatch):
        monkeypatch.setattr(supervisor, "PATIENCE_WITH_SERVICES", 0.2)
        stubborn = (
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
            "print(flush=True); time.sleep(600)"
        )
        read, write = os.pipe()
        with (
            os.fdopen(read, "rb") as heard,
            os.fdopen(write, "wb") as said,
            Supervisor(told.append) as ours,
        ):
            ours.keep("stubborn", [sys.executable, "-c", stubborn], {}, output=said)
            stubborn_one = ours.charges[0].process
            heard.readline()

        assert stubborn_one.returncode == -signal.SIGKILL

    @pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
    def test_its_children_die_with_it(self, how):
        ours = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True)
        child = int(ours.stdout.readline())
        assert processes.is_alive(child)

        ours.send_signal(how)
        ours.communicate()

        assert soon(lambda: not processes.is_alive(child))

    def test_starts_a_server_of_its_own_when_the_one_it_used_is_gone(self, told, tmp_path):
        class Elsewhere(Server):
            """Runs already, until it does not."""

            name, title, socket_name = "postgres", "PostgreSQL", "socket"
            command = SLEEPER
            up = True

            def is_ready(self):
                return self.up

            def prepare(self):
                super().prepare()
                self.up = True

        server = Elsewhere(tmp_path)
        with Supervisor(told.append) as ours:
            ours.serve(server)
            assert ours.charges[0].process is None
            server.up = False

            ours.watch(until=lambda: ours.charges[0].process is not None)

        assert told == ["postgres is gone; it is started again in 0.05 s."]


class TestStart:
    def test_says_where_to_read_when_a_server_does_not_come_up(self, tmp_path):
        class Broken(Server):
            name, title, socket_name = "postgres", "PostgreSQL", "socket"
            command = [sys.executable, "-c", "raise SystemExit('the disk is full')"]

            def is_ready(self):
                return False

        began = time.monotonic()
        with pytest.raises(LocalError) as refused:
            Broken(tmp_path).start()

        assert str(refused.value) == (
            f"PostgreSQL does not start: read {tmp_path}/log (its last words: the disk is full)."
        )
        assert time.monotonic() - began < 10
