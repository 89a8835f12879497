"""What the page of a return says: its card, what the checks found, what loading it changes."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from commissioning.choices import JobState
from commissioning.components import Fact, Progress, Summary, Tone
from commissioning.kernel.words import MISSING, count, day, joined
from commissioning.models import Job
from commissioning.tables import moment
from commissioning.views.jobs import progress_of
from pathways.choices import ReturnState, UploadState
from pathways.models import Return, Upload
from pathways.ndtms.fields import FIELDS
from pathways.selectors.differences import Change, Difference, Named
from pathways.selectors.returns import ReachedReturn, newest_of_each

TONES: dict[str, Tone] = {
    UploadState.UPLOADED: "info",
    UploadState.CHECKED: "watch",
    UploadState.CONFIRMED: "info",
    UploadState.LOADED: "good",
    UploadState.REJECTED: "bad",
    UploadState.UNDONE: "plain",
}
HEADERS = {field.column: field.header for field in FIELDS if field.column} | {
    "dat": "DAT",
    "partnership_id": "DAT",
    "residence": "DAT",
    "person": "Initials, date of birth or sex",
    "age_at_triage": "Age at triage",
}
# Derived from a field that is shown itself, or never shown.
UNSAID = frozenset({"partnership_id", "residence"})
NO_VALUES = frozenset({"person"})


@dataclass(frozen=True)
class AgencyLine:
    """An agency's part of the file."""

    return_: Return
    partnership: str
    undo_href: str = ""


@dataclass(frozen=True)
class ChangeLine:
    """An episode that says something new, and in which fields."""

    episode: Named
    agency: str
    said: Sequence[str]


def state_of(reached: ReachedReturn) -> str:
    """The state in words; what waits for the sender waits for nobody else."""
    if reached.upload.state == UploadState.CHECKED and not reached.may_decide:
        return "Waiting to be confirmed"
    return reached.upload.get_state_display()


def summary_of(reached: ReachedReturn) -> Summary:
    upload = reached.upload
    facts = [
        Fact("Reporting month", f"{upload.month:%B %Y}"),
        Fact("Cut-off", day(upload.cut_off)),
        Fact("Provider", str(reached.provider)),
    ]
    if reached.is_whole:
        facts.append(Fact("File", upload.filename))
    facts += [
        Fact("Rows", count(reached.rows) if reached.rows else MISSING),
        Fact("Sent", f"{moment(upload.uploaded_at)} by {upload.uploaded_by or 'the service'}"),
    ]
    if upload.confirmed_at:
        who = upload.confirmed_by or "the service"
        facts.append(Fact("Confirmed", f"{moment(upload.confirmed_at)} by {who}"))
        if upload.confirmed_reason:
            facts.append(Fact("Reason given", upload.confirmed_reason))
    facts.append(Fact("Rules", str(upload.rule_set)))
    if reached.is_whole and upload.ignored_headers:
        facts.append(Fact("Columns not used", joined(upload.ignored_headers)))
    return Summary(
        title=f"{upload.month:%B %Y}",
        state=state_of(reached),
        tone=TONES[upload.state],
        facts=facts,
    )


def agencies_of(reached: ReachedReturn) -> list[AgencyLine]:
    """Each agency's part, and where it can be undone."""
    newest = newest_of_each(reached.returns) if reached.may_send else {}
    return [
        AgencyLine(
            one,
            str(one.agency.partnership or MISSING),
            _undo_href(reached, one)
            if one.state == ReturnState.LOADED
            and newest.get(one.agency_id) == reached.upload.number
            else "",
        )
        for one in reached.returns
    ]


def _undo_href(reached: ReachedReturn, one: Return) -> str:
    return reverse(
        "pathways:return-undo",
        args=[reached.provider.code, reached.upload.number, one.agency.code],
    )


def work_on(reached: ReachedReturn, jobs: Iterable[Job]) -> Progress | None:
    """The job that runs or waits, as a progress line; None when nothing is under way."""
    job = next((job for job in jobs if not job.is_over), None)
    if job is None:
        return None
    progress = progress_of(job)
    return dataclasses.replace(
        progress,
        words=f"{job.title}: {progress.words.lower()}",
        poll_href=reverse(
            "reporting:return-progress", args=[reached.provider.code, reached.upload.number]
        ),
    )


def stopped(jobs: Iterable[Job]) -> list[Job]:
    """The jobs that a fault ended."""
    return [job for job in jobs if job.state == JobState.FAILED]


def send_again_href(upload: Upload, code: str) -> str:
    """The form, with what was typed for this return."""
    asked = f"month={upload.month:%Y-%m}&cut_off={upload.cut_off.isoformat()}"
    return f"{reverse('pathways:return-send', args=[code])}?{asked}"


def changes_of(difference: Difference, returns: Iterable[Return]) -> list[ChangeLine]:
    """The first episodes that change, each with its fields in NDTMS's words."""
    agencies = {one.agency_id: one.agency.code for one in returns}
    return [
        ChangeLine(
            change.episode,
            agencies.get(change.episode.agency_id, ""),
            [_said(name, *values) for name, values in _worth_saying(change).items()],
        )
        for change in difference.first_changed
    ]


def _worth_saying(change: Change) -> Mapping[str, tuple[Any, Any]]:
    return {name: values for name, values in change.fields.items() if name not in UNSAID}


def _said(name: str, before: Any, now: Any) -> str:
    if name == "modalities":
        return _modalities_said(before, now)
    header = HEADERS.get(name, name)
    if name in NO_VALUES:
        return f"{header} changed"
    return f"{header} {_value(before)} → {_value(now)}"


def _modalities_said(before: Sequence[Sequence[Any]], now: Sequence[Sequence[Any]]) -> str:
    """`M2 added`, `M1 changed`: the modalities of an episode by their MODID."""
    held, said = ({line[0]: list(line) for line in lines} for lines in (before, now))
    words = [
        *(f"modality {ref} added" for ref in said if ref not in held),
        *(f"modality {ref} gone" for ref in held if ref not in said),
        *(_modality_said(held[ref], said[ref]) for ref in said if ref in held),
    ]
    return "; ".join(filter(None, words))


_OF_MODALITY = ("MODID", "MODAL", "REFMODDT", "FAOMODDT", "MODST", "MODEND", "MODEXIT")


def _modality_said(held: Sequence[Any], said: Sequence[Any]) -> str:
    changed = [
        f"{header} {_value(before)} → {_value(now)}"
        for header, before, now in zip(_OF_MODALITY, held, said, strict=True)
        if before != now
    ]
    return f"modality {said[0]}: {', '.join(changed)}" if changed else ""


def _value(value: Any) -> str:
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, str) and len(value) == len("2006-05-04") and value[4] == "-":
        return day(dt.date.fromisoformat(value))
    return str(value) if value not in (None, "") else MISSING
