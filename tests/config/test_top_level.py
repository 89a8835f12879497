"""The composed system, the lock files and the settings agree with one another."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config.local import services
from config.local.postgres import LAPTOP
from config.local.system import ROOT, local_system
from config.local.valkey import KEEPING_ALL
from tests.plugins.servers import SETTLED

COMPOSED = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSED["services"]
OURS = ["migrate", "web", "worker", "beat"]
LOCKS = ["requirements.txt", "requirements-dev.txt", "benchmarks/requirements.txt"]


def words(command):
    """A command as what it runs and a set of (option, value)."""
    options = [str(word) for word in command]
    first = next(i for i, word in enumerate(options) if word.startswith("--"))
    pairs = re.findall(r"(--\S+)(?: (?!--)(\S*))?", shlex.join(options[first:]).replace("''", ""))
    return options[:first], set(pairs)


class TestComposedSystem:
    @pytest.mark.parametrize(
        ("service", "command"),
        [
            ("web", services.web("0.0.0.0:8000")),
            ("worker", services.worker()),
            ("beat", services.beat("/srv/var/beat")),
        ],
    )
    def test_runs_the_commands_of_the_local_one(self, service, command):
        assert words(SERVICES[service]["command"]) == words(command)

    def test_its_database_is_sized_as_the_local_one(self):
        sized = [word for one in LAPTOP.items() for word in ("-c", "=".join(one))]

        assert SERVICES["postgres"]["command"] == ["postgres", *sized]

    def test_its_queue_forgets_as_little_as_the_local_one(self):
        assert SERVICES["valkey"]["command"] == ["valkey-server", *KEEPING_ALL]

    @pytest.mark.parametrize("service", OURS)
    def test_sets_every_variable_that_must_be_set(self, service, tmp_path):
        environ = SERVICES[service]["environment"]
        wanted = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "CLIENT_KEY"}

        assert wanted <= environ.keys()
        assert environ["VAR_DIR"] in [
            volume.partition(":")[2] for volume in SERVICES[service]["volumes"]
        ]

    def test_the_variables_mean_something_to_the_settings(self):
        read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "config/settings.py").read_text()))

        for service in OURS:
            assert SERVICES[service]["environment"].keys() - read <= {"DATABASE_OWNER_URL"}

    def test_only_migrate_holds_the_owners_address(self):
        holders = [s for s in OURS if "DATABASE_OWNER_URL" in SERVICES[s]["environment"]]

        assert holders == ["migrate"]
        assert "python -m config.local roles" in SERVICES["migrate"]["command"][-1]

    def test_ports_and_hosts_agree(self):
        environ = SERVICES["web"]["environment"]

        assert SERVICES["web"]["ports"] == ["${PORT:-8000}:8000"]
        assert "@postgres:5432/" in environ["DATABASE_URL"]
        assert environ["DATABASE_URL"].endswith(
            f"/{SERVICES['postgres']['environment']['POSTGRES_DB']}"
        )
        assert environ["REDIS_URL"] == "redis://valkey:6379"

    @pytest.mark.parametrize("service", [name for name in SERVICES if name != "migrate"])
    def test_each_service_says_whether_it_is_well_and_comes_back(self, service):
        assert SERVICES[service]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
        assert SERVICES[service]["restart"] == "unless-stopped"

    @pytest.mark.parametrize("service", ["web", "worker", "beat"])
    def test_nothing_serves_before_the_schema_is_there(self, service):
        waits = SERVICES[service]["depends_on"]

        assert waits["migrate"] == {"condition": "service_completed_successfully"}

    def test_secrets_have_no_default(self):
        for service in OURS:
            for name in ("SECRET_KEY", "CLIENT_KEY"):
                assert f"${{{name}:?" in SERVICES[service]["environment"][name]


class TestLocks:
    @pytest.mark.parametrize("lock", [*LOCKS, "config/assets/package-lock.json"])
    def test_name_no_address(self, lock):
        assert "://" not in (ROOT / lock).read_text()

    @pytest.mark.parametrize("lock", LOCKS)
    def test_hold_a_hash_for_every_package(self, lock):
        text = (ROOT / lock).read_text().replace("\\\n", " ")
        pinned = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line, re.IGNORECASE)]

        assert len(pinned) > 2
        assert [line for line in pinned if "--hash=sha256:" not in line] == []
        assert [line for line in pinned if "==" not in line.split()[0]] == []


def starting(**environ):
    """What the service says when it starts with only these variables."""
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env={"DJANGO_SETTINGS_MODULE": "config.settings", "PATH": os.defpath, **environ},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stderr.strip()


class TestSettings:
    @pytest.mark.parametrize("name", ["SECRET_KEY", "CLIENT_KEY", "DATABASE_URL", "REDIS_URL"])
    def test_a_missing_variable_says_what_to_do(self, name):
        rest = {key: os.environ[key] for key in ("SECRET_KEY", "CLIENT_KEY", "DATABASE_URL")}
        rest |= {"REDIS_URL": os.environ["REDIS_URL"]}
        rest.pop(name)

        assert starting(**rest).endswith(f"Set {name}: see the table of variables in README.md.")

    def test_are_safe_where_nothing_is_said(self):
        assert SETTLED["SECURE"] == "0"  # the tests opt out, as development does
        assert settings.PASSWORD_HASHERS[0].endswith("MD5PasswordHasher")
        text = (ROOT / "config/settings.py").read_text()
        assert 'SECURE = env.flag("SECURE", default=True)' in text
        assert 'DEBUG = env.flag("DEBUG")' in text


class TestLocalSystem:
    def test_says_every_variable_and_yields_to_the_environment(self, tmp_path):
        ours = local_system({"VAR_DIR": str(tmp_path), "BUSINESS_DAY": "2006-04-01"}).variables

        assert ours["BUSINESS_DAY"] == "2006-04-01"
        assert ours["DATABASE_URL"].startswith("postgres://serving@")
        assert ours["DATABASE_OWNER_URL"].startswith("postgres://owner@")
        assert ours["REDIS_URL"].startswith("redis+socket://")
        assert Path(ours["VAR_DIR"]) == tmp_path
        assert (ours["SECURE"], ours["DEBUG"], ours["DEMONSTRATION"]) == ("0", "0", "1")
