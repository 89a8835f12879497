"""The home page, by the organisation and role one acts in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from aftercare.selectors.waiting_links import leaving_question, links_question
from commissioning.choices import OrganisationKind
from commissioning.components import Card, WorkItem
from commissioning.context import acting_membership
from commissioning.kernel.clock import business_day, technical_now
from commissioning.kernel.money import ZERO
from commissioning.kernel.periods import Period
from commissioning.models import Membership, Organisation, RuleSet, User
from commissioning.roles import GRANTS, Permission, Role
from commissioning.rule_settings import DEFAULTS, RuleSettings
from commissioning.selectors.organisations import partnerships_in
from commissioning.selectors.plans.ledger import approves_up_to
from commissioning.selectors.together import Question, asked_together
from commissioning.views.plans.work import plan_work
from commissioning.views.requests import signed_in
from pathways.selectors.return_work import (
    files_to_confirm,
    month_being_collected,
    month_last_due,
    not_sent,
)
from pathways.selectors.returns import reporting_agencies
from providers.selectors.gaps import gap_rows
from providers.selectors.waiting import Asking, market_questions
from reporting.choices import AreaKind
from reporting.selectors.areas import ENGLAND, Area
from reporting.selectors.figures import Figures
from reporting.selectors.found import Measured, rules_and_periods
from reporting.selectors.long_waits import LongWaitWork, long_waits_for, waiting_for, watched_by
from reporting.selectors.members import (
    as_area,
    members,
    partnerships_to_compare,
    regions_to_compare,
)
from reporting.views.areas.parts import Overview
from reporting.views.home.figure_cards import Standing, got_worse, missing_target
from reporting.views.home.market import GAPS, Market
from reporting.views.home.market_cards import market_cards
from reporting.views.home.market_items import market_days, market_items
from reporting.views.home.work_cards import (
    confirm_cards,
    job_cards,
    long_wait_cards,
    overdue_cards,
    people_cards,
)
from reporting.views.home.work_items import (
    ToCome,
    by_due_date,
    plan_days,
    return_days,
    to_confirm,
    to_review,
    to_send,
)
from reporting.views.indicators.choosing import chosen_period
from reporting.views.indicators.named import overview_href

MOST_CARDS = 7
# Whose own work stops when a job does; reviewers find jobs on their page.
SENDS_AND_PLANS = frozenset({OrganisationKind.PARTNERSHIP, OrganisationKind.PROVIDER})
WAITS_LISTED = 5
CALM = "No figure misses its target or got worse, and nothing is overdue."
CALM_BUT_LATE = "No figure misses its target or got worse. What is overdue waits below."
CALM_OF_KEEPERS = "No job stopped, and everybody with access has a role and a password."


@dataclass
class Home:
    """What a home page is put together from."""

    cards: list[Card] = field(default_factory=list)
    items: list[WorkItem] = field(default_factory=list)
    dates: Sequence[ToCome] = ()
    action: tuple[str, str] | None = None


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Look here first, then what waits, then the days to come."""
    person, today = signed_in(request), business_day()
    acting = acting_membership(request)
    rule_set, periods = rules_and_periods(on=today)
    made = _made(person, acting, rule_set, periods, today)
    return render(
        request,
        "reporting/home.html",
        {
            "page_heading": "Look here first",
            "acting": acting,
            "calm": CALM_OF_KEEPERS if _keeps(acting) else _calm(made),
            "cards": made.cards[:MOST_CARDS],
            "items": by_due_date(made.items),
            "dates": made.dates,
            "action": made.action,
            "in_force": rule_set if _keeps(acting) else None,
        },
    )


def _made(
    person: User,
    acting: Membership | None,
    rule_set: RuleSet | None,
    periods: Mapping[Period, Measured],
    today: dt.date,
) -> Home:
    rules = rule_set.read() if rule_set else DEFAULTS
    if acting is None:
        return Home()
    if _keeps(acting):
        return Home(
            cards=[*job_cards(person), *people_cards(person, on=today)],
            dates=return_days(today, due_days=rules.return_due_days),
            action=("Administration", reverse("commissioning:administration")),
        )
    desk = _Desk(person, acting.organisation, acting, today, rules, periods)
    return desk.home()


def _calm(made: Home) -> str:
    return CALM_BUT_LATE if any(one.late for one in made.items) else CALM


def _keeps(acting: Membership | None) -> bool:
    return acting is not None and acting.role == Role.ADMINISTRATOR


@dataclass(frozen=True)
class _Desk:
    """One who acts for a partnership, a provider, a region or England."""

    person: User
    organisation: Organisation
    acting: Membership
    today: dt.date
    rules: RuleSettings
    periods: Mapping[Period, Measured]

    def home(self) -> Home:
        work, items = self.from_returns()
        waits, reviews = self.from_waits()
        market = self.market()
        cards = self._in_order([*waits, *work], market_cards(market), self.from_figures())
        if self.may(Permission.JOBS_VIEW) and self.organisation.kind in SENDS_AND_PLANS:
            cards += job_cards(self.person)
        return Home(
            cards=cards,
            items=[
                *items,
                *reviews,
                *market_items(market),
                *plan_work(self.person, self.organisation, on=self.today),
            ],
            dates=sorted([*self.days(), *market_days(market)], key=lambda one: one.on),
            action=(f"{self.organisation.name} overview", overview_href(self.area)),
        )

    def _in_order(
        self, work: Sequence[Card], market: Sequence[Card], figures: Sequence[Card]
    ) -> list[Card]:
        """Work first. A reviewer's figures come before the market, which keeps its room; whoever
        buys or treats sees first what somebody waits for."""
        if self.organisation.kind in SENDS_AND_PLANS:
            return [*work, *market, *figures]
        room = max(MOST_CARDS - len(work) - len(market), 1)
        return [*work, *figures[:room], *market]

    def days(self) -> Sequence[ToCome]:
        """The days on which returns are due and what falls in plans, in order."""
        found: list[ToCome] = []
        if self.may(Permission.RETURN_VIEW):
            found += return_days(self.today, due_days=self.due_days)
        if self.may(Permission.PLAN_VIEW):
            found += plan_days(self.person, self.today)
        return sorted(found, key=lambda one: one.on)

    def market(self) -> Market:
        """What the market asks of the role one acts in. One statement."""
        organisation, may = self.organisation, GRANTS[Role(self.acting.role)]
        asking = Asking(
            organisation=organisation,
            person=self.person.pk,
            may=may,
            today=self.today,
            now=technical_now(),
            rules=self.rules,
            limit=approves_up_to(self.person, organisation.pk) or ZERO,
        )
        questions: dict[str, Question] = dict(market_questions(asking))
        if may & {Permission.AREA_EDIT, Permission.REGISTER_EDIT}:
            questions["links"] = links_question(
                organisation, on=self.today, confirm_days=self.rules.link_confirm_days
            )
        if organisation.kind == OrganisationKind.PARTNERSHIP and Permission.PLACE_HOLD in may:
            questions["leaving"] = leaving_question(
                organisation, on=self.today, confirm_days=self.rules.link_confirm_days
            )
        if organisation.kind == OrganisationKind.REGION:
            among = partnerships_in(organisation, on=self.today).values("pk")
            questions[GAPS] = gap_rows(on=self.today, rules=self.rules, partnerships=among)
        return Market(organisation, asked_together(questions), self.today, self.rules)

    @property
    def due_days(self) -> int:
        return self.rules.return_due_days

    def may(self, permission: Permission) -> bool:
        """Whether the role one acts in holds the permission."""
        return permission in GRANTS[Role(self.acting.role)]

    @property
    def area(self) -> Area:
        if self.organisation.kind == OrganisationKind.NATION:
            return ENGLAND
        return as_area(self.organisation)

    def from_waits(self) -> tuple[list[Card], list[WorkItem]]:
        if self.may(Permission.LONG_WAIT_REVIEW):
            mine = long_waits_for(self.person).to_review().filter(owner=self.person)[:WAITS_LISTED]
            work = waiting_for(self.person, on=self.today)
            return self._wait_cards(work, reviews=True), to_review(mine)
        if self.may(Permission.LONG_WAIT_VIEW):
            work = watched_by(self.person, on=self.today)
            return self._wait_cards(work, reviews=False), []
        return [], []

    def from_returns(self) -> tuple[list[Card], list[WorkItem]]:
        if not self.may(Permission.RETURN_VIEW):
            return [], []
        agencies = reporting_agencies(self.person, self.organisation, on=self.today)
        sends = self.may(Permission.RETURN_SEND)
        overdue = not_sent(
            agencies, month_last_due(self.today, due_days=self.due_days), due_days=self.due_days
        )
        href = f"{overview_href(self.area)}returns/?month={overdue.month.code}"
        cards, items = overdue_cards(overdue, href=href, sends=sends), []
        if sends:
            send = reverse("pathways:return-send", args=[self.organisation.code])
            files = files_to_confirm(self.person)
            cards = [*confirm_cards(files), *cards]
            items += to_confirm(files, due_days=self.due_days, today=self.today)
            items += to_send(overdue, href=send, sends=True, today=self.today)
            month = month_being_collected(self.today)
            if month != overdue.month:
                owed = not_sent(agencies, month, due_days=self.due_days)
                items += to_send(owed, href=send, sends=True, today=self.today)
        elif self.organisation.kind in {OrganisationKind.PARTNERSHIP, OrganisationKind.REGION}:
            items += to_send(overdue, href=href, sends=False, today=self.today)
        return cards, items

    def from_figures(self) -> list[Card]:
        figures = Figures.exact(self.person, read=self.periods)
        if not (self.may(Permission.FIGURES_VIEW) and figures.periods()):
            return []
        measured = chosen_period(figures, QueryDict())
        period = measured.period
        seen = Overview.read(figures, self.area, period)
        among = []
        if self.area.kind in {AreaKind.ENGLAND, AreaKind.REGION}:
            rows = (
                regions_to_compare(on=period.last_day)
                if self.area == ENGLAND
                else partnerships_to_compare(on=period.last_day, region=self.area)
            )
            areas = [one.area for one in members(rows)]
            among = Standing(figures, self.area, areas, period).cards() if areas else []
        return [*among, *missing_target(seen, measured.rules), *got_worse(seen, measured.rules)]

    def _wait_cards(self, work: LongWaitWork, *, reviews: bool) -> list[Card]:
        length = self.rules.length_in_words("long_wait_days")
        return long_wait_cards(work, length=length, href=self._waits_href(), reviews=reviews)

    def _waits_href(self) -> str:
        if self.organisation.kind == OrganisationKind.PARTNERSHIP:
            return reverse("reporting:partnership-long-waits", args=[self.organisation.code])
        return reverse("reporting:long-wait-list")
