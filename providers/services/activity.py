"""A quarter's return of Tier 1 and Tier 2 work: filled in, confirmed, replaced by a later one."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from commissioning.kernel.errors import DomainError, TransitionRefused
from commissioning.kernel.periods import Period
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.rule_settings import RuleSettings
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.plans.editing import ChangedMeanwhile
from providers.choices import ActivityState
from providers.models import ActivityCount, ActivityPart, ActivityReturn, Service
from providers.rules.activity_checks import Cell, FindingGrade, Part
from providers.selectors.activity import (
    asked_of,
    confirmed_of,
    draft_of,
    findings_of,
    numbers_of,
)
from providers.selectors.activity_parts import parts_of, split_between

CHANGED = (
    "Somebody saved this return after you opened it. What you typed is still here: compare it"
    " with what was saved, and save again."
)


class ActivityRefused(DomainError):
    """The service owes no such return, or its numbers cannot be confirmed as they are."""


@transaction.atomic
def save_activity(
    *,
    service: Service,
    quarter: Period,
    numbers: Mapping[Cell, int],
    revision: int,
    by: User,
    parts: Mapping[Part, int] | None = None,
) -> ActivityReturn:
    """Keep what is filled in, complete or not. `revision` is of the draft as it was shown, 0
    where there was none. A number that is left out is taken away. `parts`: of the first number of
    what is delivered, how much was for residents of each partnership the service works for.

    Raises `NotPermitted`, `ActivityRefused` for a number nobody asked, and `ChangedMeanwhile`.
    """
    require(by, Permission.ACTIVITY_SEND, organisation_id=service.provider_id)
    Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    rows, parts = asked_of(service, quarter), parts or {}
    asked = {cell for row in rows for cell in row.cells}
    if not asked:
        raise ActivityRefused(f"{service} counts nothing in {quarter.label}.")
    between = {one.pk for one in split_between(service.pk, quarter)}
    split = {(row.delivered.pk, one) for row in rows for one in between}
    if set(numbers) - asked or set(parts) - split:
        raise ActivityRefused("A number stands where the return asks for none.")
    draft = draft_of(service, quarter)
    if (draft.revision if draft else 0) != revision:
        raise ChangedMeanwhile(CHANGED)
    if draft is None:
        draft = ActivityReturn.objects.create(service=service, quarter=quarter.code, begun_by=by)
    else:
        draft.revision += 1
        draft.save(update_fields=["revision"])
        draft.counts.all().delete()
        draft.parts.all().delete()
    ActivityCount.objects.bulk_create(
        ActivityCount(activity=draft, delivered_id=delivered, measure=measure, number=number)
        for (delivered, measure), number in numbers.items()
    )
    ActivityPart.objects.bulk_create(
        ActivityPart(
            activity=draft, delivered_id=delivered, partnership_id=partnership, number=number
        )
        for (delivered, partnership), number in parts.items()
    )
    record(
        "activity.filled_in",
        draft,
        by=by,
        organisation=service.provider.organisation,
        quarter=quarter.code,
        service=service.name,
        numbers=f"{len(numbers)} of {len(asked)}",
    )
    return draft


@transaction.atomic
def confirm_activity(
    *,
    draft: ActivityReturn,
    reason: str,
    revision: int,
    rules: RuleSettings,
    by: User,
    today: dt.date,
    at: dt.datetime,
) -> ActivityReturn:
    """The draft's numbers hold for the quarter from now on; what held before is kept as replaced.

    Raises `NotPermitted`, `TransitionRefused` when it was confirmed meanwhile, `ChangedMeanwhile`,
    and `ActivityRefused` when the quarter is not over, a number has to be mended, or a jump, or a
    replacement, is without its reason.
    """
    service = Service.objects.select_related("provider__organisation").get(pk=draft.service_id)
    require(by, Permission.ACTIVITY_SEND, organisation_id=service.provider_id)
    Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    held = ActivityReturn.objects.select_for_update().get(pk=draft.pk)
    if held.state != ActivityState.DRAFT:
        raise TransitionRefused("The return is confirmed already.")
    if held.revision != revision:
        raise ChangedMeanwhile(CHANGED)
    quarter = Period.parse(held.quarter)
    if today < quarter.end:
        raise ActivityRefused(f"{quarter.label} is not over: confirm it from its last day on.")
    before = confirmed_of(service, quarter)
    _refuse_findings(held, service, quarter, reason, rules, replaces=before is not None)
    if before:
        before.state = ActivityState.REPLACED
        before.save(update_fields=["state"])
    held.state, held.note = ActivityState.CONFIRMED, reason
    held.confirmed_at, held.confirmed_by = at, by
    held.revision += 1
    held.save()
    record(
        "activity.confirmed",
        held,
        by=by,
        organisation=service.provider.organisation,
        quarter=quarter.code,
        service=service.name,
        reason=reason,
        replaces=before.pk if before else None,
    )
    return held


@transaction.atomic
def discard_activity(*, draft: ActivityReturn, by: User) -> None:
    """Throw away what is filled in and not confirmed.

    Raises `NotPermitted` and `TransitionRefused`.
    """
    service = Service.objects.select_related("provider__organisation").get(pk=draft.service_id)
    require(by, Permission.ACTIVITY_SEND, organisation_id=service.provider_id)
    held = ActivityReturn.objects.select_for_update().filter(pk=draft.pk).first()
    if held is None or held.state != ActivityState.DRAFT:
        raise TransitionRefused("There is nothing to throw away.")
    record(
        "activity.discarded",
        service,
        by=by,
        organisation=service.provider.organisation,
        quarter=held.quarter,
    )
    held.delete()


def _refuse_findings(
    held: ActivityReturn,
    service: Service,
    quarter: Period,
    reason: str,
    rules: RuleSettings,
    *,
    replaces: bool,
) -> None:
    findings = findings_of(
        asked_of(service, quarter),
        numbers_of(held),
        service=service,
        quarter=quarter,
        jump_factor=rules.activity_jump_factor,
        jump_from=rules.activity_jump_from,
        parts=parts_of(held),
        partnerships=split_between(service.pk, quarter),
    )
    if any(one.grade is FindingGrade.MEND for one in findings):
        raise ActivityRefused("Mend the numbers that are named first.")
    if findings and not reason:
        raise ActivityRefused("Say why the numbers that are named jumped.")
    if replaces and not reason:
        raise ActivityRefused("Say why the numbers that were confirmed are replaced.")
