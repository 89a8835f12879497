"""Who sent what for which month, who did not, and since when it is overdue.

An agency owes a return for every month in which it was open. A return holds its financial year so
far (an assumption): a month without a return of its own is told of by a later one of that year.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from commissioning.choices import FactKind
from commissioning.kernel.periods import Grain, Period, add_months
from commissioning.models import OrganisationFact
from pathways.choices import ReturnStanding, ReturnState, UploadState
from pathways.models import Return
from providers.models import Agency

MONTHS_SHOWN = 12
MONTHS_OFFERED = 36


@dataclass(frozen=True)
class AgencyMonth:
    """What one agency reported for one month. `due_on` is the last day it is in time.

    `is_in_time`: whether a loaded return that tells of the month was received by then; None where
    none tells of it, or where the day on which it was sent is not known.
    """

    agency: Agency
    month: Period
    standing: ReturnStanding
    due_on: dt.date
    sent: Return | None
    days_late: int = 0
    is_in_time: bool | None = None

    @property
    def number(self) -> int | None:
        return self.sent.upload_id if self.sent else None


def months_until(today: dt.date, *, how_many: int) -> list[Period]:
    """The months up to this one, the newest first."""
    this = today.replace(day=1)
    return [Period.containing(add_months(this, -back), Grain.MONTH) for back in range(how_many)]


def due_on(month: Period, *, due_days: int) -> dt.date:
    """The last day on which the month's return is in time."""
    return month.last_day + dt.timedelta(days=due_days)


def history_of(
    agencies: Iterable[Agency], months: Sequence[Period], *, today: dt.date, due_days: int
) -> list[AgencyMonth]:
    """A line for each agency and month that owes a return or has one, the newest month on top.

    One query, whatever the number of agencies and months. A month that has not ended owes nothing
    yet.
    """
    agencies = list(agencies)
    if not (agencies and months):
        return []
    told = list(_told_of(agencies, months))
    sent = _sent(told)
    covered = _last_of_year(sent)
    received = _received(told)
    lines = []
    for month in sorted(months, reverse=True):
        for agency in agencies:
            one = sent.get((agency.pk, month.start))
            if one is None and not owes(agency, month, today):
                continue
            year = Period.containing(month.start, Grain.YEAR).start
            is_covered = covered.get((agency.pk, year), dt.date.min) > month.start
            due = due_on(month, due_days=due_days)
            standing = _standing(one, is_covered=is_covered, is_late=today > due)
            late = (today - due).days if standing == ReturnStanding.OVERDUE else 0
            on = [
                day for first, day in received.get((agency.pk, year), ()) if first >= month.start
            ]
            in_time = _is_in_time(on, due)
            lines.append(AgencyMonth(agency, month, standing, due, one, late, in_time))
    return lines


def owes(agency: Agency, month: Period, today: dt.date) -> bool:
    """Whether the agency was open in the month, and the month is over."""
    return (
        month.end <= today
        and (agency.opened_on is None or agency.opened_on < month.end)
        and (agency.closed_on is None or agency.closed_on > month.start)
    )


@dataclass(frozen=True)
class AreaMonth:
    """How many of an area's agencies owed a return for a month, and what came of it."""

    code: str
    name: str
    region_code: str
    region: str
    owing: int
    sent: int
    waiting: int
    completeness: float | None

    @property
    def missing(self) -> int:
        return self.owing - self.sent - self.waiting

    @property
    def share(self) -> float | None:
        return self.sent / self.owing if self.owing else None


def nation_by_partnership(
    agencies: QuerySet[Agency], month: Period, *, today: dt.date
) -> list[AreaMonth]:
    """A line for each partnership with agencies that owe the month's return, most missing first.

    Two queries. `agencies` are those the asker may view.
    """
    last = Period.containing(month.start, Grain.YEAR).last_day
    of_agency = Return.objects.filter(agency=OuterRef("pk"))
    loaded = of_agency.loaded()
    waiting = of_agency.filter(
        state=ReturnState.PENDING,
        month=month.start,
        upload__state__in=[UploadState.CHECKED, UploadState.CONFIRMED],
    )
    newest = loaded.filter(month=month.start).order_by("-sequence")
    owing = (
        agencies.filter(partnership__isnull=False)
        .filter(
            Q(opened_on__isnull=True) | Q(opened_on__lt=month.end),
            Q(closed_on__isnull=True) | Q(closed_on__gt=month.start),
        )
        .annotate(
            is_sent=Exists(loaded.filter(month__gte=month.start, month__lte=last)),
            is_waiting=Exists(waiting),
            how_complete=Subquery(newest.values("completeness")[:1]),
        )
        .values_list(
            "partnership__organisation__code",
            "partnership__organisation__name",
            "partnership_id",
            "is_sent",
            "is_waiting",
            "how_complete",
        )
        if month.end <= today
        else []
    )
    regions = _regions(on=month.last_day)
    grouped: dict[tuple[str, str, int], list[tuple[bool, bool, float | None]]] = {}
    for code, name, pk, sent, waits, complete in owing:
        grouped.setdefault((code, name, pk), []).append((sent, waits and not sent, complete))
    lines = [
        AreaMonth(
            code=code,
            name=name,
            region_code=regions.get(pk, ("", ""))[0],
            region=regions.get(pk, ("", ""))[1],
            owing=len(agencies_),
            sent=sum(sent for sent, _, _ in agencies_),
            waiting=sum(waits for _, waits, _ in agencies_),
            completeness=_mean([complete for *_, complete in agencies_]),
        )
        for (code, name, pk), agencies_ in grouped.items()
    ]
    return sorted(lines, key=lambda one: (-one.missing, one.name))


def last_known(agencies: QuerySet[Agency], months: Sequence[Period]) -> dt.date | None:
    """The last day known of loaded returns that tell of these months. One query.

    `agencies` are those the asker may view.
    """
    first = min(months).start
    year = Period.containing(max(months).start, Grain.YEAR)
    told = Return.objects.loaded().filter(
        agency__in=agencies.order_by().values("pk"), month__range=(first, year.last_day)
    )
    last: dt.date | None = told.aggregate(last=Max("cut_off"))["last"]
    return last


def by_region(partnerships: Iterable[AreaMonth]) -> list[AreaMonth]:
    """The same by region, by name; partnerships outside any region stand together."""
    grouped: dict[tuple[str, str], list[AreaMonth]] = {}
    for one in partnerships:
        grouped.setdefault((one.region_code, one.region), []).append(one)
    lines = [
        AreaMonth(
            code=code,
            name=name or "In no region",
            region_code=code,
            region=name,
            owing=sum(one.owing for one in held),
            sent=sum(one.sent for one in held),
            waiting=sum(one.waiting for one in held),
            completeness=_mean([one.completeness for one in held]),
        )
        for (code, name), held in grouped.items()
    ]
    return sorted(lines, key=lambda one: one.name)


def _told_of(agencies: Sequence[Agency], months: Sequence[Period]) -> QuerySet[Return]:
    """Returns that are loaded or on their way for these months, and later ones of their year."""
    first = min(months).start
    last = Period.containing(max(months).start, Grain.YEAR).last_day
    return (
        Return.objects.filter(agency__in=agencies, month__gte=first, month__lte=last)
        .filter(
            Q(state=ReturnState.LOADED)
            | Q(
                state=ReturnState.PENDING,
                upload__state__in=[UploadState.CHECKED, UploadState.CONFIRMED],
            )
        )
        .select_related("upload")
        .order_by("upload_id")
    )


def _sent(told: Iterable[Return]) -> dict[tuple[int, dt.date], Return]:
    """By agency and month the return that counts: the last loaded, else the one on its way."""
    sent: dict[tuple[int, dt.date], Return] = {}
    for one in told:
        held = sent.get((one.agency_id, one.month))
        if held and held.state == ReturnState.LOADED and one.state != ReturnState.LOADED:
            continue
        sent[one.agency_id, one.month] = one
    return sent


def _received(
    told: Iterable[Return],
) -> dict[tuple[int, dt.date], list[tuple[dt.date, dt.date | None]]]:
    """By agency and financial year: the months of its loaded returns, and when each came."""
    found: dict[tuple[int, dt.date], list[tuple[dt.date, dt.date | None]]] = {}
    for one in told:
        if one.state == ReturnState.LOADED:
            year = Period.containing(one.month, Grain.YEAR).start
            found.setdefault((one.agency_id, year), []).append((one.month, one.upload.received_on))
    return found


def _is_in_time(received: Sequence[dt.date | None], due: dt.date) -> bool | None:
    """Whether one of the days was by the due day; None where that cannot be said."""
    if any(one is not None and one <= due for one in received):
        return True
    return False if received and None not in received else None


def _last_of_year(sent: dict[tuple[int, dt.date], Return]) -> dict[tuple[int, dt.date], dt.date]:
    """The last month of each financial year for which the agency's return is loaded."""
    last: dict[tuple[int, dt.date], dt.date] = {}
    for (agency, month), one in sent.items():
        if one.state == ReturnState.LOADED:
            year = Period.containing(month, Grain.YEAR).start
            last[agency, year] = max(month, last.get((agency, year), month))
    return last


def _standing(sent: Return | None, *, is_covered: bool, is_late: bool) -> ReturnStanding:
    if sent is not None:
        if sent.state == ReturnState.LOADED:
            return ReturnStanding.LOADED
        if sent.upload.state == UploadState.CONFIRMED:
            return ReturnStanding.LOADING
        return ReturnStanding.WAITING
    if is_covered:
        return ReturnStanding.COVERED
    return ReturnStanding.OVERDUE if is_late else ReturnStanding.DUE


def _regions(*, on: dt.date) -> dict[int, tuple[str, str]]:
    """Each partnership's region on the day: code and name."""
    facts = OrganisationFact.objects.on(on).filter(kind=FactKind.IN_REGION)
    return {
        pk: (code, name)
        for pk, code, name in facts.values_list("organisation", "other__code", "other__name")
    }


def _mean(shares: Sequence[float | None]) -> float | None:
    known = [float(one) for one in shares if one is not None]
    return sum(known) / len(known) if known else None
