"""Quality of the demonstration's providers: staff, registrations, evidence, preference."""

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.core.files.base import ContentFile

from commissioning.kernel.words import day
from commissioning.models import Organisation, Partnership, User
from commissioning.reference.framework import framework
from commissioning.services.documents import add_document
from providers.choices import QualityKind, StaffRole
from providers.models import (
    CompetenceCount,
    Provider,
    QualityRecord,
    RequirementEvidence,
    StaffCount,
)
from providers.reference.requirements import REQUIREMENTS
from providers.services.preferred import name_provider, start_list

ROLES = (
    (StaffRole.MANAGER, Decimal(2), Decimal(2), ""),
    (StaffRole.DOCTOR, Decimal("1.5"), Decimal(1), "Half a post vacant since October."),
    (StaffRole.NURSE, Decimal(6), Decimal(5), "One nurse prescriber is in training until July."),
    (StaffRole.DRUG_WORKER, Decimal(14), Decimal("12.5"), ""),
    (StaffRole.COUNSELLOR, Decimal(3), Decimal(3), ""),
    (StaffRole.VOLUNTEER, Decimal(5), Decimal(5), ""),
)  # fmt: skip
COMPETENT = (StaffRole.NURSE, StaffRole.DRUG_WORKER)
EVIDENCE = "Shown at the last review: files sampled, minutes and training records seen."
LACKING = "Started: a lead is named, and the first audit is planned for the summer."
INSPECTOR = "Invented inspectorate of care homes"
LIST_EVIDENCE = (
    "Visited in the autumn; planned exits above the national mean in both years; returns complete."
)


def write_quality(providers: Sequence[Provider], *, today: dt.date, seed: int) -> int:
    """Staff, competence, records and evidence of providers, written at once; how many records.

    One registration of the first provider runs out within weeks.
    """
    rng = random.Random(f"quality {seed}")  # noqa: S311 (not a secret)
    units = [one.code for one in framework().danos]
    staff: list[StaffCount] = []
    competence: list[CompetenceCount] = []
    records: list[QualityRecord] = []
    evidence: list[RequirementEvidence] = []
    for number, provider in enumerate(providers):
        stated = today - dt.timedelta(days=rng.randint(5, 120))
        scale = Decimal(rng.choice((1, 1, 2))) / rng.choice((1, 2))
        staff += [
            StaffCount(
                provider=provider,
                role=role,
                posts=posts * scale,
                in_post=in_post * scale,
                gap=gap if number % 2 == 0 else "",
                stated_on=stated,
            )
            for role, posts, in_post, gap in ROLES
        ]
        for role in COMPETENT:
            for unit in units:
                needed = rng.randint(3, 12)
                competence.append(
                    CompetenceCount(
                        provider=provider,
                        role=role,
                        unit=unit,
                        needed=needed,
                        held=min(needed, rng.randint(2, 12)),
                        stated_on=stated,
                    )
                )
        records += _records(provider, number, today, rng)
        evidence += _evidence(provider, number, stated)
    StaffCount.objects.bulk_create(staff)
    CompetenceCount.objects.bulk_create(competence)
    RequirementEvidence.objects.bulk_create(evidence)
    return len(QualityRecord.objects.bulk_create(records))


def keep_report(*, provider: Provider, by: User) -> None:
    """The report of the provider's newest inspection behind its record, as a document."""
    row = provider.quality_records.filter(kind=QualityKind.INSPECTION).latest("held_on")
    words = (
        f"Report of an inspection\n\nOf: {provider}\nBy: {row.body}\n"
        f"Held on: {day(row.held_on)}\n\n{row.outcome}\n\nInvented for the demonstration.\n"
    )
    file = ContentFile(words.encode(), name=f"inspection-{row.held_on:%Y-%m-%d}.txt")
    row.document = add_document(organisation=provider.organisation, file=file, by=by)
    row.save(update_fields=["document"])


def _records(
    provider: Provider, number: int, today: dt.date, rng: random.Random
) -> Iterable[QualityRecord]:
    held = today - dt.timedelta(days=rng.randint(120, 320))
    ends = today + dt.timedelta(days=24 if number % 9 == 0 else rng.randint(120, 700))
    return [
        QualityRecord(
            provider=provider,
            kind=QualityKind.REGISTRATION,
            body=INSPECTOR,
            reference=f"R-{provider.code}",
            outcome="Registered without conditions.",
            held_on=held,
            holds_until=ends,
        ),
        QualityRecord(
            provider=provider,
            kind=QualityKind.INSPECTION,
            body=INSPECTOR,
            outcome=rng.choice(
                (
                    "Good. Care plans are reviewed with the person; two records lacked a date.",
                    "Adequate. Night cover is thin at weekends; seen again in six months.",
                    "Good, with commendable work on overdose.",
                )
            ),
            held_on=held + dt.timedelta(days=40),
            holds_until=today + dt.timedelta(days=rng.randint(30, 400)),
        ),
        QualityRecord(
            provider=provider,
            kind=QualityKind.AUDIT,
            body="Own clinical audit",
            outcome="Supervised consumption in the first twelve weeks: 91 % of records as agreed.",
            held_on=held + dt.timedelta(days=15),
        ),
        QualityRecord(
            provider=provider,
            kind=QualityKind.USER_INVOLVEMENT,
            body="Forum of users",
            outcome="Four meetings in the year; opening hours were changed on their word.",
            held_on=held + dt.timedelta(days=60),
        ),
    ]


def _evidence(provider: Provider, number: int, stated: dt.date) -> Iterable[RequirementEvidence]:
    """Most are met; of every third provider one is not, and the last is not answered."""
    for at, requirement in enumerate(REQUIREMENTS[:-1] if number % 3 == 1 else REQUIREMENTS):
        met = (at + number) % 7 != 0
        yield RequirementEvidence(
            provider=provider,
            requirement=requirement.code,
            is_met=met,
            evidence=EVIDENCE if met else LACKING,
            stated_on=stated,
        )


def write_lists(
    lists: Sequence[tuple[Organisation, str, User, Sequence[Provider]]],
    *,
    consortium: Sequence[Partnership],
    today: dt.date,
) -> None:
    """Lists of preferred providers: the region's for its consortium, and those of partnerships."""
    began = today - dt.timedelta(days=400)
    for organisation, name, by, providers in lists:
        made = start_list(
            organisation=organisation,
            name=name,
            review_by=today + dt.timedelta(days=45),
            by=by,
            on=began,
            consortium=consortium,
        )
        for number, provider in enumerate(providers):
            name_provider(
                preferred_list=made,
                provider=provider,
                evidence=LIST_EVIDENCE,
                from_on=began,
                review_by=today + dt.timedelta(days=-20 if number == 1 else 120),
                by=by,
            )
