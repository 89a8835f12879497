"""The market on the work list and among the dates of the home page."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from commissioning.choices import OrganisationKind
from commissioning.components import WorkItem
from commissioning.kernel.periods import Period
from commissioning.kernel.words import count, pounds
from commissioning.models.plans import year_period
from commissioning.selectors.together import Row
from commissioning.views import lapsing
from providers.choices import CallOffKind
from providers.models import Contract
from providers.selectors.activity import due_on, quarters_until
from providers.selectors.contracts.records import deadlines_of
from providers.selectors.contracts.waiting import (
    OF_DEADLINES,
    RETURN_DUE,
    SOON,
    WORDS,
    Asks,
    ContractWork,
)
from reporting.views.home.market import Market, board_href, contracts_href, day_of
from reporting.views.home.work_cards import several
from reporting.views.home.work_items import ToCome

DATES_SHOWN = 5
TERM = ("starts_on", "ends_on", "extend_by")
_REVIEWS = {
    "preferred": ("preferred provider", "preferred providers", "preferred/"),
    "list": ("list of preferred providers", "lists of preferred providers", "preferred/"),
    "scheme": ("shared-care scheme", "shared-care schemes", "primary-care/"),
}  # fmt: skip
_ASKS = {
    "to_answer": Asks.ANSWER,
    "to_agree": Asks.AGREE,
    "to_award": Asks.AWARD,
    "to_put_in_force": Asks.FORCE,
    "to_commit": Asks.COMMIT,
    "to_monitor": Asks.MONITOR,
    "to_put_right": Asks.REMEDY,
}


def market_items(market: Market) -> list[WorkItem]:
    """All that the market asks for, each kind's first few by themselves."""
    return [
        *_boards(market),
        *_moves(market),
        *_call_offs(market, "to_accept", "Answer"),
        *_call_offs(market, "to_approve", "Approve or refuse"),
        *_beyond_all(market),
        *_past_nights(market),
        *_holds(market),
        *_not_got(market),
        *_leaving(market),
        *_contracts(market),
        *_activity(market),
        *_reviews(market),
        *_links(market),
    ]


def market_days(market: Market) -> list[ToCome]:
    """Notices, options and ends of contracts, and who is to come and to leave. Each has its own
    room: people move every day, and a contract's last day comes once."""
    deadlines = sorted(_deadlines(market), key=lambda one: one.on)[:DATES_SHOWN]
    moves = list(_moves_to_come(market))[:DATES_SHOWN]
    return sorted([*deadlines, *moves], key=lambda one: one.on)


def _boards(market: Market) -> Iterator[WorkItem]:
    row = market.first("boards")
    stale = row.get("stale")
    if stale and market.organisation.kind == OrganisationKind.PROVIDER:
        what = row["name"] if stale == 1 else f"{count(stale)} services"
        yield WorkItem(
            f"Say how the places of {what} stand",
            board_href(market),
            market.today,
            f"Not stated for {market.hours}",
            late=True,
        )


def _moves(market: Market) -> Iterator[WorkItem]:
    for one in market.rows("moves"):
        on = day_of(one["on"])
        if on <= market.today:
            yield WorkItem(
                f"Say what happened: {_who_moves(one)}",
                board_href(market),
                on,
                late=on < market.today,
            )


def _moves_to_come(market: Market) -> Iterator[ToCome]:
    for one in market.rows("moves"):
        on = day_of(one["on"])
        if on > market.today:
            yield ToCome(on, _who_moves(one).capitalize(), board_href(market))


def _who_moves(row: Row) -> str:
    said = []
    if come := row["come"]:
        said.append(f"{count(come)} {several(come, 'person', 'people')} to be admitted")
    if go := row["go"]:
        said.append(f"{count(go)} {several(go, 'person', 'people')} to leave")
    return ", ".join(said)


def _call_offs(market: Market, name: str, deed: str) -> Iterator[WorkItem]:
    for one in market.rows(name):
        starts = day_of(one["starts_on"])
        price = "on the block" if one["kind"] == CallOffKind.BLOCK else pounds(one["cost"])
        whose = f"{one['partnership']}, " if name == "to_accept" else ""
        yield WorkItem(
            f"{deed} {_what(one)} for {one['name']}",
            f"/call-offs/{one['number']}/",
            starts,
            f"{whose}{price}",
            late=starts < market.today,
        )
    yield from _rest(market, name, "call-offs", f"/{_of(market)}/{market.code}/call-offs/")


def _what(one: Row) -> str:
    longer = "a longer stay of " if one.get("longer") else ""
    return f"{longer}call-off {one['number']}"


def _beyond_all(market: Market) -> Iterator[WorkItem]:
    """What no approver of the partnership may decide, for who can let somebody."""
    for one in market.rows("beyond_all"):
        starts = day_of(one["starts_on"])
        yield WorkItem(
            f"Find who approves {_what(one)} for {one['name']}",
            f"/call-offs/{one['number']}/",
            starts,
            f"{pounds(one['cost'])} is beyond the limit of everybody but who asked",
            late=starts < market.today,
        )


def _past_nights(market: Market) -> Iterator[WorkItem]:
    """Stays with nights nobody approved: the provider ends them or asks, the buyer answers."""
    for name in ("to_end", "past_nights"):
        for one in market.rows(name):
            planned, starts = day_of(one["ends_on"]), day_of(one["starts_on"])
            came = day_of(one["admitted_on"]) if one["admitted_on"] else starts
            left = day_of(one["left_on"]) if one["left_on"] else None
            late = max(((left or market.today) - planned).days, 0)
            nights = late + max((starts - came).days, 0)
            beyond = f"{count(nights)} {several(nights, 'night', 'nights')}"
            what = f"call-off {one['number']} for {one['name']}"
            if name == "to_end":
                words = f"End the stay of {what}, or ask for a longer one"
                detail = f"{one['partnership']}: {beyond} past those approved, not paid"
            else:
                past = "past" if late else "that began before"
                words = f"Decide on a stay {past} its approved nights: {what}"
                detail = f"{beyond}, not paid; they {'left' if left else 'are there still'}"
            due = planned if late else came
            yield WorkItem(words, f"/call-offs/{one['number']}/", due, detail, late=True)
        listed = f"/{_of(market)}/{market.code}/call-offs/?nights=beyond"
        yield from _rest(market, name, "stays past their approved nights", listed)


def _holds(market: Market) -> Iterator[WorkItem]:
    """Held places that lapse by themselves unless they are called off."""
    href = f"/partnership/{market.code}/call-offs/#holds"
    for one in market.rows("holds"):
        yield WorkItem(
            f"Call off or release {one['label']} at {one['name']}",
            href,
            market.today,
            f"{one['case']}, held {lapsing.until(dt.datetime.fromisoformat(one['held_until']))}",
        )
    yield from _rest(market, "holds", "held places", href)


def _not_got(market: Market) -> Iterator[WorkItem]:
    """What the person asked for in vain."""
    for one in market.rows("not_got"):
        what = _what(one)
        yield WorkItem(
            f"{what[0].upper()}{what[1:]} for {one['name']} was {one['what']}: ask anew, or let"
            " it rest",
            f"/call-offs/{one['number']}/",
            about=one["why"],
        )
    listed = f"/partnership/{market.code}/call-offs/"
    yield from _rest(market, "not_got", "that were refused", listed)


def _leaving(market: Market) -> Iterator[WorkItem]:
    """Stays that end soon with nothing sure that follows."""
    for one in market.rows("leaving"):
        yield WorkItem(
            f"Find what follows call-off {one['number']} for {one['name']}",
            f"/call-offs/{one['number']}/",
            day_of(one["ends_on"]),
            f"No aftercare link was confirmed in {market.rules.link_confirm_days} days",
        )
    listed = f"/partnership/{market.code}/call-offs/?state=ADMITTED"
    yield from _rest(market, "leaving", "stays that end soon", listed)


def _contracts(market: Market) -> Iterator[WorkItem]:
    due: dict[str, dt.date] = {}
    if market.rows("to_monitor"):
        due["to_monitor"] = quarters_until(market.today, how_many=1)[0].end + RETURN_DUE
    for name, asks in _ASKS.items():
        for one in market.rows(name):
            year = year_period(one["year"]).label if "year" in one else ""
            by = day_of(one["due_on"]) if "due_on" in one else due.get(name)
            work = ContractWork(asks, _contract(one), by, one.get("remedy", ""), year)
            late = by is not None and by < market.today
            yield WorkItem(work.words, work.href, by, work.about, late=late)
        yield from _rest(market, name, "contracts", contracts_href(market))


def _deadlines(market: Market) -> Iterator[ToCome]:
    for row in market.rows("deadlines"):
        contract = _contract(row)
        for one in deadlines_of(contract):
            if market.today <= one.on <= market.today + SOON:
                words = WORDS[OF_DEADLINES[one.kind]].format(
                    f"{contract.reference}, {contract.title}"
                )
                yield ToCome(one.on, words, f"/contracts/{contract.reference}/")


def _activity(market: Market) -> Iterator[WorkItem]:
    for row in market.rows("activity"):
        quarter = Period.parse(row["code"])
        due, many = due_on(quarter, due_days=market.rules.activity_due_days), row["services"]
        yield WorkItem(
            f"Send the activity of {quarter.label}",
            reverse("providers:activity-list", args=[market.code]),
            due,
            f"{count(many)} {several(many, 'service', 'services')}",
            late=due < market.today,
        )


def _reviews(market: Market) -> Iterator[WorkItem]:
    for row in market.rows("reviews"):
        one, many, page = _REVIEWS[row["what"]]
        number, first = row["number"], day_of(row["first"])
        yield WorkItem(
            f"Review {count(number)} {several(number, one, many)}",
            f"/{_of(market)}/{market.code}/{page}",
            first,
            late=first < market.today,
        )


def _links(market: Market) -> Iterator[WorkItem]:
    row = market.first("links")
    if many := row.get("to_confirm"):
        days = dt.timedelta(days=market.rules.link_confirm_days)
        due = day_of(row["oldest"]) + days
        yield WorkItem(
            f"Confirm {count(many)} aftercare {several(many, 'link', 'links')}",
            f"/{_of(market)}/{market.code}/partners/",
            due,
            late=due < market.today,
        )


def _rest(market: Market, name: str, what: str, href: str) -> Iterator[WorkItem]:
    rest = market.total(name) - len(market.rows(name))
    if rest > 0:
        yield WorkItem(f"See {count(rest)} more {what}", href)


def _contract(row: Row) -> Contract:
    days = {name: day_of(row[name]) for name in TERM if row.get(name)}
    held = {
        name: row[name] for name in ("reference", "title", "notice_weeks", "extensions_left")
        if name in row
    }  # fmt: skip
    return Contract(pk=row["id"], **held, **days)


def _of(market: Market) -> str:
    return str(market.organisation.kind).lower()
