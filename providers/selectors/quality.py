"""What is known of a provider's quality: staff, competence, records with dates, evidence."""

import datetime as dt
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from commissioning.models import Document, Organisation
from commissioning.reference.framework import DanosUnit, framework
from providers.choices import StaffRole
from providers.models import (
    CompetenceCount,
    QualityRecord,
    RequirementEvidence,
    Service,
    StaffCount,
)
from providers.reference.requirements import REQUIREMENTS, Requirement

Competence = tuple[str, str]  # a role and a unit


@dataclass(frozen=True)
class StaffRow:
    """Posts of a role and how many are filled, in whole-time equivalents."""

    count: StaffCount

    @property
    def role(self) -> str:
        return self.count.get_role_display()

    @property
    def gap(self) -> Decimal:
        """Posts that nobody fills; never below nought."""
        return max(self.count.posts - self.count.in_post, Decimal(0))

    @property
    def gap_words(self) -> str:
        """The gap, or how many more people there are than posts."""
        over = self.count.in_post - self.count.posts
        return f"{whole_time(over)} over" if over > 0 else whole_time(self.gap)


def whole_time(value: Decimal) -> str:
    """Whole-time equivalents: 4, or 3.5."""
    return f"{value.normalize():f}"


@dataclass(frozen=True)
class Answer:
    """A requirement and what the provider says to it; nothing where it has not answered."""

    requirement: Requirement
    held: RequirementEvidence | None

    @property
    def said(self) -> str:
        if self.held is None:
            return "Not answered"
        return "Met" if self.held.is_met else "Not met"


def danos_units() -> Sequence[DanosUnit]:
    """The units that the framework names."""
    return framework().danos


def staff_of(provider: Organisation) -> dict[str, StaffCount]:
    """By role."""
    return {one.role: one for one in StaffCount.objects.filter(provider=provider.pk)}


def staff_rows(staff: dict[str, StaffCount]) -> list[StaffRow]:
    """In the order of the roles."""
    return [StaffRow(staff[role]) for role in StaffRole.values if role in staff]


def competence_of(provider: Organisation) -> dict[Competence, CompetenceCount]:
    """By role and unit."""
    rows = CompetenceCount.objects.filter(provider=provider.pk)
    return {(one.role, one.unit): one for one in rows}


def records_of(provider: Organisation) -> QuerySet[QualityRecord]:
    """Registrations, inspections, audits and other records, the newest first."""
    return (
        QualityRecord.objects.filter(provider=provider.pk)
        .select_related("service", "document", "provider__organisation")
        .order_by("-held_on", "-pk")
    )


def answers_of(provider: Organisation) -> list[Answer]:
    """Every requirement with what the provider says to it. One query."""
    rows = RequirementEvidence.objects.filter(provider=provider.pk).select_related("document")
    held = {one.requirement: one for one in rows}
    return [Answer(one, held.get(one.code)) for one in REQUIREMENTS]


def documents_behind_quality(provider: Organisation) -> QuerySet[Document]:
    """What the provider shows with its records and answers: as open as they are.

    A document that none of them names any more is the provider's own again.
    """
    shown = {"document": OuterRef("pk"), "provider": provider.pk}
    return Document.objects.filter(
        Exists(QualityRecord.objects.filter(**shown))
        | Exists(RequirementEvidence.objects.filter(**shown))
    )


def runs_out(
    records: Iterable[QualityRecord], *, on: dt.date, within_days: int
) -> list[QualityRecord]:
    """What has run out, or will within so many days, the earliest first.

    A later record of the same kind, body and service takes the place of an earlier.
    """
    newest: dict[tuple[str, str, int | None], QualityRecord] = {}
    for one in sorted(records, key=lambda one: (one.held_on, one.pk)):
        newest[one.kind, one.body.casefold(), one.service_id] = one
    until = on + dt.timedelta(days=within_days)
    found = [one for one in newest.values() if one.holds_until and one.holds_until <= until]
    return sorted(found, key=lambda one: (one.holds_until or on, one.pk))


def seen_of(rows: Iterable[tuple[object, ...]]) -> int:
    """A number that says how rows stood when they were shown: other rows, another number; 0 for
    none."""
    told = sorted(map(repr, rows))
    return zlib.crc32(repr(told).encode()) if told else 0


def staff_seen(staff: dict[str, StaffCount]) -> int:
    return seen_of((one.role, one.posts, one.in_post, one.gap) for one in staff.values())


def competence_seen(competence: dict[Competence, CompetenceCount]) -> int:
    return seen_of((one.role, one.unit, one.needed, one.held) for one in competence.values())


def answer_seen(held: RequirementEvidence | None) -> int:
    return seen_of([(held.is_met, held.evidence, held.document_id)] if held else [])


def services_to_name(provider: Organisation) -> QuerySet[Service]:
    """A provider's services by name, to say which one a record is about."""
    return Service.objects.filter(provider=provider.pk).order_by("name", "pk")
