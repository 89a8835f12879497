"""What the page of a provider's quality says, but for what its returns show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from commissioning.components import DataTable, Tone
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.views.requests import signed_in
from providers.choices import StaffRole
from providers.models import CompetenceCount, QualityRecord
from providers.selectors.quality import (
    Answer,
    Competence,
    StaffRow,
    answers_of,
    competence_of,
    danos_units,
    records_of,
    runs_out,
    staff_of,
    staff_rows,
    whole_time,
)
from providers.selectors.register.records import provider_at

PAGE = "reporting:provider-quality"


@dataclass(frozen=True)
class RecordLine:
    """A record of quality with how it stands."""

    record: QualityRecord
    state: str
    tone: Tone
    document_href: str
    change_href: str


@dataclass(frozen=True)
class AnswerLine:
    """A requirement with how it stands."""

    answer: Answer
    tone: Tone
    document_href: str
    change_href: str


def provider_or_404(code: str) -> Organisation:
    """The provider: its quality is open to whoever is signed in."""
    found = provider_at(code)
    if found is None:
        raise Http404
    return found.organisation


def page_href(provider: Organisation) -> str:
    return reverse(PAGE, args=[provider.code])


def crumbs(provider: Organisation, *, inside: bool = True) -> list[tuple[str, str]]:
    held = [(provider.name, f"/provider/{provider.code}/")]
    return [*held, ("Quality", page_href(provider))] if inside else held


def quality_words(request: HttpRequest, provider: Organisation) -> dict[str, Any]:
    """The sections of the page, for whoever asks; links to write them for whoever may."""
    person, today = signed_in(request), business_day()
    writes = person.reach(Permission.REGISTER_EDIT).covers(provider.pk)
    within = settings_in_force(on=today).quality_warning_days
    records = list(records_of(provider))
    staff, competence = staff_of(provider), competence_of(provider)
    warned = runs_out(records, on=today, within_days=within)
    return {
        "page_heading": "Quality",
        "caption": provider.name,
        "breadcrumbs": crumbs(provider, inside=False),
        "provider": provider,
        "writes": writes,
        "staff": _staff_table(staff_rows(staff)),
        "staff_on": max((one.stated_on for one in staff.values()), default=None),
        "gaps": [one for one in staff_rows(staff) if one.count.gap],
        "competence": _competence_table(competence),
        "competence_on": max((one.stated_on for one in competence.values()), default=None),
        "short": [one for one in competence.values() if one.held < one.needed],
        "units": danos_units(),
        "records": [_line(one, provider, warned, writes=writes) for one in records],
        "warned": [(one, f"{one.get_kind_display()}{_by(one)}: {_when(one)}") for one in warned],
        "answers": [_answer(one, provider, writes=writes) for one in answers_of(provider)],
        "within_days": within,
    }


def _staff_table(rows: Sequence[StaffRow]) -> DataTable | None:
    if not rows:
        return None
    return DataTable(
        ["Role", "Posts", "In post", "Gap"],
        [
            [
                one.role,
                whole_time(one.count.posts),
                whole_time(one.count.in_post),
                one.gap_words,
            ]
            for one in rows
        ],
    )


def _competence_table(held: dict[Competence, CompetenceCount]) -> DataTable | None:
    if not held:
        return None
    units = danos_units()
    return DataTable(
        ["Role", *(unit.code for unit in units)],
        [
            [role.label, *(_of(held.get((role.value, unit.code))) for unit in units)]
            for role in StaffRole
            if any((role.value, unit.code) in held for unit in units)
        ],
    )


def _of(count: CompetenceCount | None) -> str:
    return f"{count.held} of {count.needed}" if count else MISSING


def _by(record: QualityRecord) -> str:
    return f" by {record.body}" if record.body else ""


def _when(record: QualityRecord) -> str:
    until = record.holds_until
    return (
        f"runs out on {day(until)}"
        if until and until > business_day()
        else (f"ran out on {day(until)}")
    )


def _line(
    one: QualityRecord,
    provider: Organisation,
    warned: Sequence[QualityRecord],
    *,
    writes: bool,
) -> RecordLine:
    over = one.holds_until is not None and one.holds_until <= business_day()
    state, tone = _standing(one, over=over, is_warned=one in warned)
    change = reverse("providers:quality-record", args=[provider.code, one.pk]) if writes else ""
    return RecordLine(one, state, tone, _document(one.document_id, provider), change)


def _standing(one: QualityRecord, *, over: bool, is_warned: bool) -> tuple[str, Tone]:
    if one.holds_until is None:
        return "No end", "plain"
    if over:
        return ("Ran out", "bad") if is_warned else ("Followed by a later one", "plain")
    return ("Runs out soon", "watch") if is_warned else ("Holds", "good")


def _answer(one: Answer, provider: Organisation, *, writes: bool) -> AnswerLine:
    tone: Tone = "plain" if one.held is None else "good" if one.held.is_met else "bad"
    at = [provider.code, one.requirement.code]
    return AnswerLine(
        one,
        tone,
        _document(one.held.document_id if one.held else None, provider),
        reverse("providers:quality-requirement", args=at) if writes else "",
    )


def _document(number: int | None, provider: Organisation) -> str:
    if number is None:
        return ""
    return reverse("providers:quality-document", args=[provider.code, number])
