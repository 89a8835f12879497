"""Writing down a provider's staff, their competence, records of quality and evidence."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.core.files.base import File
from django.db import transaction

from commissioning.kernel.errors import DomainError
from commissioning.models import Document, Organisation, User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.documents import add_document
from commissioning.services.plans.editing import ChangedMeanwhile
from providers.choices import QualityKind, StaffRole
from providers.models import (
    CompetenceCount,
    Provider,
    QualityRecord,
    RequirementEvidence,
    Service,
    StaffCount,
)
from providers.reference.requirements import requirement
from providers.selectors.quality import (
    Competence,
    answer_seen,
    competence_of,
    competence_seen,
    danos_units,
    staff_of,
    staff_seen,
    whole_time,
)

CHANGED = (
    "Somebody saved this after you opened it. What you typed is still here: compare it with what"
    " it says now, and save again."
)


class QualityRefused(DomainError):
    """What is stated does not fit together."""


@dataclass(frozen=True)
class Posts:
    """Whole-time equivalents of a role: posts there are, and filled; the gap in words."""

    posts: Decimal
    in_post: Decimal
    gap: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordWords:
    """What a record of quality says, and its document where one is given."""

    kind: QualityKind
    body: str
    reference: str
    outcome: str
    held_on: dt.date
    holds_until: dt.date | None
    service: Service | None = None
    file: "File[bytes] | None" = None


@transaction.atomic
def state_staff(
    *, provider: Organisation, posts: Mapping[StaffRole, Posts], seen: int, on: dt.date, by: Actor
) -> None:
    """Write all roles anew; a role that is left out has no posts. `seen` is `staff_seen` of what
    was shown. More people than posts are taken where the gap is put in words. Raises
    `NotPermitted`, `ChangedMeanwhile` and `QualityRefused`."""
    _locked(provider, by)
    _refuse_unexplained(posts)
    before = staff_of(provider)
    if staff_seen(before) != seen:
        raise ChangedMeanwhile(CHANGED)
    StaffCount.objects.filter(provider=provider.pk).delete()
    StaffCount.objects.bulk_create(
        StaffCount(provider_id=provider.pk, role=role, stated_on=on, **asdict(one))
        for role, one in posts.items()
    )
    record(
        "staff.stated",
        _row(provider),
        by=by,
        organisation=provider,
        posts={StaffRole(role).label: str(one.posts) for role, one in posts.items()},
        in_post={StaffRole(role).label: str(one.in_post) for role, one in posts.items()},
    )


@transaction.atomic
def state_competence(
    *,
    provider: Organisation,
    counts: Mapping[Competence, tuple[int, int]],
    seen: int,
    on: dt.date,
    by: Actor,
) -> None:
    """Write all anew: of each role and unit how many people need it, and how many hold it.

    Raises `NotPermitted`, `ChangedMeanwhile`, and `QualityRefused` for a unit nobody names.
    """
    _locked(provider, by)
    if competence_seen(competence_of(provider)) != seen:
        raise ChangedMeanwhile(CHANGED)
    known = {one.code for one in danos_units()}
    if unknown := {unit for _, unit in counts} - known:
        raise QualityRefused(f"The framework names no unit {min(unknown)}.")
    CompetenceCount.objects.filter(provider=provider.pk).delete()
    CompetenceCount.objects.bulk_create(
        CompetenceCount(
            provider_id=provider.pk, role=role, unit=unit, needed=needed, held=held, stated_on=on
        )
        for (role, unit), (needed, held) in counts.items()
    )
    record(
        "competence.stated",
        _row(provider),
        by=by,
        organisation=provider,
        held={
            f"{StaffRole(role).label} {unit}": f"{held} of {needed}"
            for (role, unit), (needed, held) in counts.items()
        },
    )


@transaction.atomic
def add_quality_record(*, provider: Organisation, words: RecordWords, by: User) -> QualityRecord:
    """Keep a registration, inspection, audit or other record. Raises `NotPermitted` and
    `QualityRefused`."""
    _locked(provider, by)
    _refuse(provider, words)
    made = QualityRecord(provider_id=provider.pk)
    _write(made, provider, words, by)
    record(
        "quality.recorded",
        made,
        by=by,
        organisation=provider,
        kind=made.get_kind_display(),
        held_on=words.held_on.isoformat(),
    )
    return made


@transaction.atomic
def change_quality_record(
    *, held: QualityRecord, words: RecordWords, revision: int, by: User
) -> QualityRecord:
    """Write it anew. Raises `NotPermitted`, `QualityRefused` and `ChangedMeanwhile`."""
    row = (
        QualityRecord.objects.select_for_update(of=("self",))
        .select_related("provider__organisation")
        .get(pk=held.pk)
    )
    provider = row.provider.organisation
    require(by, Permission.REGISTER_EDIT, organisation_id=provider.pk)
    if row.revision != revision:
        raise ChangedMeanwhile(CHANGED)
    _refuse(provider, words)
    before = (row.outcome, row.holds_until)
    row.revision += 1
    _write(row, provider, words, by)
    record(
        "quality.changed",
        row,
        by=by,
        organisation=provider,
        outcome=[before[0], row.outcome],
        holds_until=[str(before[1] or ""), str(row.holds_until or "")],
    )
    return row


@transaction.atomic
def answer_requirement(
    *,
    provider: Organisation,
    code: str,
    is_met: bool,
    evidence: str,
    seen: int,
    on: dt.date,
    by: User,
    file: "File[bytes] | None" = None,
) -> RequirementEvidence:
    """Say whether a requirement is met, and on what evidence. `seen` is `answer_seen` of what was
    shown. Raises `NotPermitted`, `ChangedMeanwhile`, and `KeyError` for no requirement."""
    _locked(provider, by)
    requirement(code)
    held = RequirementEvidence.objects.filter(provider=provider.pk, requirement=code).first()
    if answer_seen(held) != seen:
        raise ChangedMeanwhile(CHANGED)
    row = held or RequirementEvidence(provider_id=provider.pk, requirement=code)
    before = "" if held is None else ("met" if held.is_met else "not met")
    row.is_met, row.evidence, row.stated_on = is_met, evidence, on
    if document := _document(provider, file, by):
        row.document = document
    row.save()
    record(
        "requirement.answered",
        row,
        by=by,
        organisation=provider,
        requirement=requirement(code).name,
        answer=[before, "met" if is_met else "not met"],
        evidence=evidence,
    )
    return row


def _locked(provider: Organisation, by: Actor) -> None:
    require(by, Permission.REGISTER_EDIT, organisation_id=provider.pk)
    Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)


def _row(provider: Organisation) -> Provider:
    return Provider.objects.get(pk=provider.pk)


def _refuse_unexplained(posts: Mapping[StaffRole, Posts]) -> None:
    """People beyond the posts there are need a word of why: cover, a handover, a post not yet
    agreed. The sentence is about the field of the first such role."""
    for role, one in posts.items():
        if one.in_post > one.posts and not one.gap.strip():
            raise QualityRefused(
                f"{StaffRole(role).label}: {whole_time(one.in_post)} in post is more than"
                f" {whole_time(one.posts)} posts. Say why under “gap in words”, such as cover or a"
                " post not yet agreed.",
                field=f"{role}-gap",
            )


def _refuse(provider: Organisation, words: RecordWords) -> None:
    if words.holds_until is not None and words.holds_until <= words.held_on:
        raise QualityRefused("It holds until a day after the one on which it was given.")
    if words.service is not None and words.service.provider_id != provider.pk:
        raise QualityRefused(f"{words.service} is not a service of {provider}.")


def _write(row: QualityRecord, provider: Organisation, words: RecordWords, by: User) -> None:
    for name in ("kind", "body", "reference", "outcome", "held_on", "holds_until", "service"):
        setattr(row, name, getattr(words, name))
    if document := _document(provider, words.file, by):
        row.document = document
    row.save()


def _document(provider: Organisation, file: "File[bytes] | None", by: User) -> Document | None:
    return add_document(organisation=provider, file=file, by=by) if file else None
