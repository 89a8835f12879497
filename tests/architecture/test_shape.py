"""The shape of the house, where an import cannot see it."""

import ast
import re
import subprocess

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.urls import URLPattern, get_resolver
from rest_framework.permissions import IsAuthenticated

from commissioning.choices import OrganisationKind
from commissioning.models import Organisation
from commissioning.roles import GRANTS, HELD_IN, Permission, Role
from commissioning.rule_settings import DEFAULTS
from commissioning.scoping import Permitted
from tests.architecture.reading import APPS, ROOT, interfaces, unscoped

# Models that belong to no tenant, each for its reason. Anything else must be scoped.
SHARED = {
    "User": "reached through memberships",
    "ApiKey": "one person's own",
    "CalendarFeed": "one person's own",
    "AuditEvent": "reached through the record it is about",
    "Event": "reached through its jobs",
    "Heartbeat": "the service's own",
    "Notice": "one person's own",
    "RuleSet": "every figure names one; anybody may read it",
    "Refresh": "the service's own; holds no figure",
    "MeasuredPeriod": "says which rules a period was measured by; holds no figure",
    "MeasuredArea": "says when an area was measured; holds no figure",
    "CountedIn": "says which region a partnership was counted in; holds no figure",
    "Movement": "reached through the figure it explains, behind that figure's exact door",
    "Repeat": "reached through the return that repeats",
    "StagedRow": "reached through the upload it was read from",
    "Succession": "reached through the organisations it joins",
    "FundingStream": "the streams there are; what a partnership has of one is Funding",
    "LineTrajectory": "reached through its line",
    "Tier": "the published framework",
    "FrameworkItem": "the published framework",
    "InterventionType": "the published framework",
    "NationalComparator": "a published national figure",
}
OURS = [model for model in apps.get_models() if model._meta.app_label in APPS]
# Measured counts: pages get them through the two doors of reporting's selectors.
RESULTS = {model.__name__ for model in OURS if model.__name__.endswith(("Result", "Distribution"))}
TENANT = [model for model in OURS if model.__name__ not in {*SHARED, *RESULTS}]
# Addresses that answer to somebody who is not signed in.
OPEN = {
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "commissioning:livez",
    "commissioning:readyz",
    "providers:board-confirm",  # by the secret in it
    "reporting:calendar-feed",  # by the secret in it
}
DEVELOPMENT = {
    "gallery",
    "gallery-chart",
    "gallery-chart-data",
    "gallery-chart-file",
    "gallery-progress",
}
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


@pytest.mark.parametrize("path", interfaces(), ids=lambda path: str(path.relative_to(ROOT)))
def test_interface_starts_from_permitted(path):
    assert unscoped(ast.parse(path.read_text())) == []


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("Contract.objects.all()", [1]),
        ("rows = (\n    Contract\n    .objects\n    .filter(pk=1)\n)", [2]),
        ("Contract._default_manager.get()", [1]),
        ("Contract.objects.permitted(user, VIEW).filter(pk=1)", []),
    ],
)
def test_the_check_of_interfaces_would_notice(code, lines):
    assert unscoped(ast.parse(code)) == lines


@pytest.mark.django_db
@pytest.mark.parametrize("model", TENANT, ids=lambda model: model.__name__)
def test_tenant_model_is_scoped_and_its_paths_lead_to_an_organisation(model):
    rows = model._default_manager.all()
    assert isinstance(rows, Permitted)
    paths = [rows.partnership_path, rows.provider_path, rows.region_path]

    led = [path for path in paths if path]

    assert led
    for path in led:
        assert _ends_at_an_organisation(model, path), path
        assert not rows.filter(**{f"{path}__in": [0]}).exists()


def _ends_at_an_organisation(model, path):
    """Whether the id at the path's end is an organisation's."""
    for name in path.split("__"):
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        if field.remote_field is None:
            return name == "pk" and model is Organisation
        model = field.remote_field.model
    # A partnership's and a provider's id is that of their organisation.
    while model is not Organisation and model._meta.pk.remote_field is not None:
        model = model._meta.pk.remote_field.model
    return model is Organisation


def test_no_shared_model_is_forgotten_or_gone():
    assert set(SHARED) | RESULTS == {one.__name__ for one in OURS} - {m.__name__ for m in TENANT}


@pytest.mark.parametrize("path", interfaces(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_interface_names_a_result(path):
    named = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert not named & {*RESULTS, "Movement"}


def test_no_foreign_key_points_up():
    height = {label: APPS.index(label) for label in APPS}
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model._meta.app_label in height
        and height[field.related_model._meta.app_label] > height[model._meta.app_label]
    ]

    assert upward == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_compiles(path):
    engines["django"].get_template(str(path.relative_to(ROOT / "templates")))


def test_every_task_that_follows_an_event_is_registered_by_an_app_of_ours():
    current_app.loader.import_default_modules()
    named = {task for tasks in settings.EVENT_TASKS.values() for task in tasks}

    assert sorted(named - set(current_app.tasks)) == []
    assert {task.split(".")[0] for task in named} <= set(APPS)
    for task in named:
        assert current_app.tasks[task].__module__.split(".")[0] == task.split(".")[0]


def test_every_task_that_beat_sends_is_registered():
    current_app.loader.import_default_modules()
    sent = {entry["task"] for entry in current_app.conf.beat_schedule.values()}

    assert sorted(sent - set(current_app.tasks)) == []


def test_the_policy_names_every_role_once_in_both_tables():
    assert list(GRANTS) == list(Role)
    assert set(HELD_IN) == set(Role)


def test_every_setting_of_the_rules_is_read_by_something():
    """One that nothing reads would be changed on its page and change nothing."""
    read_by = "\n".join(
        path.read_text()
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if path.name != "sense.py"  # which only compares them
    )

    unread = [
        name for name in DEFAULTS.to_json() if not re.search(rf"""[."'(]{name}\b""", read_by)
    ]

    assert unread == []


def test_every_permission_is_somebodys():
    granted = {permission for permissions in GRANTS.values() for permission in permissions}

    assert granted == set(Permission)


def test_who_keeps_the_service_reads_no_figures_returns_or_documents():
    data = {
        Permission.FIGURES_VIEW,
        Permission.RETURN_VIEW,
        Permission.RETURN_SEND,
        Permission.RETURN_RECORDS_VIEW,
        Permission.LONG_WAIT_VIEW,
        Permission.LONG_WAIT_REVIEW,
        Permission.DOCUMENT_VIEW,
    }

    assert not GRANTS[Role.ADMINISTRATOR] & data


def test_only_who_treats_sees_the_records_that_a_finding_names():
    held = {role for role, granted in GRANTS.items() if Permission.RETURN_RECORDS_VIEW in granted}

    assert all(HELD_IN[role] == {OrganisationKind.PROVIDER} for role in held)


def _asks_who(view):
    """Whether a view of the API asks who it is: it answers 401 in place of the sign-in page."""
    return IsAuthenticated in getattr(getattr(view, "cls", None), "permission_classes", ())


def test_only_these_addresses_are_open_to_somebody_not_signed_in():
    patterns = _named(get_resolver().url_patterns)
    opened = {
        name
        for name, view in patterns
        if not getattr(view, "login_required", True) and not _asks_who(view)
    }

    assert opened == OPEN | DEVELOPMENT


def _named(patterns, namespace=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback
        else:
            within = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _named(pattern.url_patterns, namespace + within)


def test_no_address_shows_a_stray_manager_in_a_command_either():
    """Commands are interfaces too: they call services, and hold no query that changes rows."""
    writing = {"create", "update", "delete", "bulk_create", "bulk_update", "save"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for app in APPS
        for path in sorted((ROOT / app / "management").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in writing
    ]

    assert found == []


def test_nothing_of_what_tests_leave_behind_is_committed():
    listed = subprocess.run(
        ["git", "ls-files", "var"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert listed.stdout == ""
