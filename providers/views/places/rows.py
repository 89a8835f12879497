"""The rows of a board: each place as it is tonight, and what can be said of it with one tap."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from commissioning.components import Tone
from commissioning.kernel import words
from commissioning.views import lapsing
from providers.choices import OccupancyKind
from providers.models import Occupancy
from providers.selectors.boards import FREE, contended, next_nights
from providers.views.places.reaching import ReachedBoard

STATES: dict[str, tuple[str, Tone]] = {
    FREE: ("Free", "good"),
    OccupancyKind.HELD: ("Held", "watch"),
    OccupancyKind.BOOKED: ("Booked", "info"),
    OccupancyKind.OCCUPIED: ("Occupied", "plain"),
    OccupancyKind.OUT_OF_SERVICE: ("Out of service", "bad"),
}
EMPTY: tuple[str, Tone] = ("Empty", "plain")  # a place beyond capacity, which is never free
# What can be said with one tap, by what a place is tonight.
TAPS = {
    FREE: [("admit", "Admit"), ("hold", "Hold"), ("out-of-service", "Out of service")],
    OccupancyKind.HELD: [("admit", "Admit")],
    OccupancyKind.BOOKED: [("admit", "Admit")],
    OccupancyKind.OCCUPIED: [("leave", "Left")],
    OccupancyKind.OUT_OF_SERVICE: [("back", "Back")],
}
ASKS = frozenset({"hold", "out-of-service"})  # needs more than a tap: a link to its form
CAPACITY_ONLY = frozenset({"hold", "out-of-service"})  # not said of places beyond it
EXPECTED = frozenset({OccupancyKind.HELD, OccupancyKind.BOOKED})


@dataclass(frozen=True)
class Tap:
    """One thing to say: posted at once or, where it needs more, a page."""

    label: str
    href: str
    asks: bool


@dataclass(frozen=True)
class ShownPlace:
    """A row of the board."""

    label: str
    href: str
    state: str
    tone: Tone
    who: str
    until: str
    note: str
    taps: Sequence[Tap]


def shown_places(
    reached: ReachedBoard, rows: Sequence[Mapping[str, Any]], today: dt.date
) -> dict[tuple[int, str], list[ShownPlace]]:
    """Rows of the board by service and kind. Two queries."""
    keys = [row["pk"] for row in rows]
    unsaid, following = contended(keys, night=today), next_nights(keys, night=today)
    found: dict[tuple[int, str], list[ShownPlace]] = {}
    for row in rows:
        shown = _shown_place(reached, row, unsaid.get(row["pk"]), following.get(row["pk"]), today)
        found.setdefault((row["service"], row["kind"]), []).append(shown)
    return found


def _shown_place(
    reached: ReachedBoard,
    row: Mapping[str, Any],
    unsaid: Occupancy | None,
    following: Occupancy | None,
    today: dt.date,
) -> ShownPlace:
    at = [reached.provider.code, row["pk"]]
    state, tone = STATES[row["state"]]
    if row["overbooked_for"] and row["state"] == FREE:
        state, tone = EMPTY
    return ShownPlace(
        label=row["label"],
        href=reverse("providers:place-detail", args=at),
        state=state,
        tone=tone,
        who=_who(row, reached),
        until=_until(row, today),
        note=_note(row, unsaid, following),
        taps=_taps(at, row, unsaid, following) if reached.keeps else [],
    )


def _taps(
    at: Sequence[Any],
    row: Mapping[str, Any],
    unsaid: Occupancy | None,
    following: Occupancy | None,
) -> list[Tap]:
    """What can be said of a place tonight. Who is expected on a later night may come early."""
    if unsaid is not None:
        return [Tap("Left", reverse("providers:place-deed", args=[*at, "leave"]), asks=False)]
    taps = []
    for deed, label in TAPS[row["state"]]:
        if row["overbooked_for"] and deed in CAPACITY_ONLY:
            continue
        tap = Tap(label, reverse("providers:place-deed", args=[*at, deed]), deed in ASKS)
        if deed == "admit" and row["state"] == FREE and following and following.kind in EXPECTED:
            tap = Tap("Admit early", f"{tap.href}?about={following.began_id}", asks=False)
        taps.append(tap)
    return taps


def _who(row: Mapping[str, Any], reached: ReachedBoard) -> str:
    case = row["case"] if reached.keeps else ""
    return ", ".join(filter(None, [case, row["whose"]]))


def _until(row: Mapping[str, Any], today: dt.date) -> str:
    if row["state"] == FREE:
        return ""
    if row["held_until"] is not None:
        return f"Held {lapsing.until(row['held_until'])}"
    planned = row["planned_until"]
    if row["state"] == OccupancyKind.BOOKED:
        since = row["nights"].lower
        return "Arrives today" if since == today else f"Was to arrive on {words.day(since)}"
    if planned is None:
        return "No end planned"
    if planned <= today:
        due = "today" if planned == today else f"on {words.day(planned)}"
        return f"Was to end {due}"
    return f"To {words.day(planned)}"


def _note(row: Mapping[str, Any], unsaid: Occupancy | None, following: Occupancy | None) -> str:
    said = []
    if row["overbooked_for"]:
        said.append(f"Beyond capacity: {row['overbooked_for']}")
    if unsaid is not None:
        said.append(
            f"{unsaid.case or 'Somebody'} was to leave on {words.day(unsaid.planned_until)} and"
            " nobody said that they did."
        )
    if following is not None:
        whose = following.partnership.organisation.name if following.partnership else ""
        said.append(
            f"{following.get_kind_display()} from {words.day(following.nights.lower)}"
            f"{f' for {whose}' if whose else ''}"
        )
    return " ".join(said)
