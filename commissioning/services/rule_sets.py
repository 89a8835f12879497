"""Publishing rule sets: new dated snapshots, never a change to an old one."""

import datetime as dt

from django.db import connection, transaction

from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import day
from commissioning.models import RuleSet, User
from commissioning.roles import Permission
from commissioning.rule_settings import RuleSettings, changes
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record

PUBLISHING = 71_001  # names the advisory lock under which codes are given out


class RuleSetRefused(DomainError):
    """The snapshot would say nothing new, or does not say why."""


@transaction.atomic
def publish_rule_set(
    *, settings: RuleSettings, valid_from: dt.date, reason: str, by: Actor, code: str = ""
) -> RuleSet:
    """Publish a snapshot valid from a day until a later one takes over.

    What was measured keeps the rule set it was measured by; the next refresh measures by this.
    A code is made from the day where none is given.
    """
    require(by, Permission.RULES_EDIT, organisation_id=None)
    if not reason.strip():
        raise RuleSetRefused("Say why the rules change.", field="reason")
    # What cannot be read again must not be kept: this raises for settings at odds with each other.
    kept = settings.to_json()
    RuleSettings.from_json(kept)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHING])
    before = RuleSet.objects.holding_on(valid_from).order_by("-published_at", "-pk").first()
    changed = [] if before is None else changes(before.read(), settings)
    if before is not None and not changed:
        raise RuleSetRefused(
            f"Nothing differs from {before.code}, the rule set that already holds on "
            f"{day(valid_from)}."
        )
    published = RuleSet.objects.create(
        code=code or _free_code(valid_from),
        valid_from=valid_from,
        settings=kept,
        reason=reason.strip(),
        published_by=by if isinstance(by, User) else None,
    )
    record(
        "rule_set.published",
        published,
        by=by,
        reason=published.reason,
        valid_from=valid_from.isoformat(),
        changed={one.name: [one.before, one.after] for one in changed},
    )
    return published


def _free_code(valid_from: dt.date) -> str:
    """RS-2007-04-01, then RS-2007-04-01-2 and so on; asked for under the lock."""
    code = f"RS-{valid_from.isoformat()}"
    taken = RuleSet.objects.filter(code__startswith=code).count()
    return f"{code}-{taken + 1}" if taken else code
