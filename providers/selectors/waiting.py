"""What the market asks of those who act for a provider, a partnership, a region or England.

Questions in SQL, to be asked together with those of other apps in one statement
(`commissioning.selectors.together`): a home page shows counts and the first few rows of each.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from commissioning.choices import FactKind, OrganisationKind
from commissioning.kernel.money import MOST, ZERO
from commissioning.kernel.periods import Period
from commissioning.models import Organisation
from commissioning.roles import Permission, Role, roles_with
from commissioning.rule_settings import RuleSettings
from commissioning.selectors.together import Asked, sql
from providers.choices import (
    CALLED_OFF_IN,
    IN_FORCE_IN,
    ActivityState,
    CallOffKind,
    CallOffState,
    ContractKind,
    ContractState,
    ExtensionState,
    OccupancyKind,
    PlaceKind,
    Side,
    VariationState,
)
from providers.selectors.activity import COUNTED_TIERS, quarters_until
from providers.selectors.call_offs.questions import (
    BEYOND_ALL,
    HOLDS,
    NOT_GOT,
    PAST_NIGHTS,
    TO_ACCEPT,
    TO_APPROVE,
    TO_END,
)
from providers.selectors.contracts.questions import (
    DATES_OF_PARTNERSHIP,
    DATES_OF_PROVIDER,
    PROPOSED_TO_US,
    TO_AGREE,
    TO_ANSWER,
    TO_AWARD,
    TO_COMMIT,
    TO_MONITOR,
    TO_PUT_IN_FORCE,
    TO_PUT_RIGHT,
    TO_SEE_PUT_RIGHT,
)
from providers.selectors.contracts.uncommitted import VALUES
from providers.selectors.contracts.waiting import SOON
from providers.selectors.questions import (
    ACTIVITY,
    BOARDS,
    CAPACITY,
    CONTRACTED,
    ENDING,
    EXPOSED,
    MOVES,
    OF_PROVIDER,
    REVIEWS,
    STANDING_HERE,
    VOIDS,
)

LOOKED_BACK = 4  # quarters that are over
LISTED = 6  # of each kind, with how many there are in all
COMING = dt.timedelta(days=14)  # admissions and departures that are planned
LATELY = dt.timedelta(days=91)  # in which nights beyond those approved are asked about

TOLD = dt.timedelta(days=14)  # for which a refusal stands


@dataclass(frozen=True, kw_only=True)
class Asking:
    """For whom and when it is asked: the role's permissions there, business day and instant.

    `limit`: up to which amount the person approves there, pounds.
    """

    organisation: Organisation
    person: int
    may: frozenset[Permission]
    today: dt.date
    now: dt.datetime
    rules: RuleSettings
    limit: Decimal = ZERO
    values: dict[str, object] = field(init=False)

    def __post_init__(self) -> None:
        quarters = quarters_until(self.today, how_many=LOOKED_BACK)
        object.__setattr__(self, "values", self._values(quarters))

    def _values(self, quarters: list[Period]) -> dict[str, object]:
        fresh = dt.timedelta(hours=self.rules.board_unknown_hours)
        return {
            **VALUES,
            "here": self.organisation.pk,
            "person": self.person,
            "today": self.today,
            "soon": self.today + SOON,
            "coming": self.today + COMING,
            "reviewed_within": self.today + dt.timedelta(days=self.rules.quality_warning_days),
            "fresh_since": self.now - fresh,
            "listed": LISTED,
            "in_region": FactKind.IN_REGION.value,
            "in_force": sorted(IN_FORCE_IN),
            "live": ContractState.LIVE.value,
            "block": ContractKind.BLOCK.value,
            "offered": ContractState.OFFERED.value,
            "proposed": VariationState.PROPOSED.value,
            "commissioner": Side.COMMISSIONER.value,
            "provider": Side.PROVIDER.value,
            "booked": OccupancyKind.BOOKED.value,
            "occupied": OccupancyKind.OCCUPIED.value,
            "out": OccupancyKind.OUT_OF_SERVICE.value,
            "bed": PlaceKind.BED.value,
            "approved": CallOffState.APPROVED.value,
            "spot": CallOffKind.SPOT.value,
            "bought": sorted({*CALLED_OFF_IN, CallOffState.ENDED}),
            "year_ago": self.today - dt.timedelta(days=365),
            "requested": CallOffState.REQUESTED.value,
            "admitted": CallOffState.ADMITTED.value,
            "ended": CallOffState.ENDED.value,
            "lately": self.today - LATELY,
            "now": self.now,
            "told_since": self.now - TOLD,
            "held": OccupancyKind.HELD.value,
            "not_approved": CallOffState.REFUSED.value,
            "declined": CallOffState.DECLINED.value,
            "asked": ExtensionState.ASKED.value,
            "refused": ExtensionState.REFUSED.value,
            "limit": min(self.limit, MOST),
            "approving": sorted(roles_with(Permission.MONEY_APPROVE)),
            "finance_approver": Role.FINANCE_APPROVER.value,
            "confirmed": ActivityState.CONFIRMED.value,
            "draft": ActivityState.DRAFT.value,
            "tiers": list(COUNTED_TIERS),
            "codes": [one.code for one in quarters],
            "starts": [one.start for one in quarters],
            "ends": [one.end for one in quarters],
            "quarter": quarters[0].code,
            "quarter_start": quarters[0].start,
            "quarter_end": quarters[0].end,
        }


def market_questions(asking: Asking) -> dict[str, Asked]:
    """What is asked for who acts there, by name, as far as the role may see the answer."""
    kind = asking.organisation.kind
    if kind == OrganisationKind.PROVIDER:
        named = _of_provider(asking.may)
    elif kind == OrganisationKind.PARTNERSHIP:
        named = _of_partnership(asking.may)
    elif kind == OrganisationKind.REGION:
        named = _of_region(asking.may)
    else:
        named = iter([("boards", BOARDS.format(where="true"))])
    return {name: sql(words, **asking.values) for name, words in named}


def _of_provider(may: frozenset[Permission]) -> Iterator[tuple[str, str]]:
    if Permission.PLACES_KEEP in may:
        yield "boards", BOARDS.format(where=OF_PROVIDER)
        yield "moves", MOVES
    if Permission.CALL_OFF_ANSWER in may:
        yield "to_accept", TO_ACCEPT
        yield "to_end", TO_END
    if Permission.CONTRACT_ANSWER in may:
        yield "to_answer", TO_ANSWER
        yield "to_agree", TO_AGREE
        yield "to_monitor", TO_MONITOR
        yield "to_put_right", TO_PUT_RIGHT
        yield "deadlines", DATES_OF_PROVIDER
    if Permission.ACTIVITY_SEND in may:
        yield "activity", ACTIVITY


def _of_partnership(may: frozenset[Permission]) -> Iterator[tuple[str, str]]:
    if Permission.CONTRACT_VIEW in may:
        yield "boards", BOARDS.format(where=CONTRACTED)
        yield "voids", VOIDS
        yield "deadlines", DATES_OF_PARTNERSHIP
    if Permission.CONTRACT_EDIT in may:
        yield "to_answer", PROPOSED_TO_US
        yield "to_put_right", TO_SEE_PUT_RIGHT
    if Permission.CONTRACT_AWARD in may:
        yield "to_award", TO_AWARD
        yield "to_put_in_force", TO_PUT_IN_FORCE
    if may & {Permission.CONTRACT_EDIT, Permission.CONTRACT_AWARD}:
        yield "to_commit", TO_COMMIT
    yield from _stays_bought(may)
    if Permission.AREA_EDIT in may:
        yield "reviews", REVIEWS


def _stays_bought(may: frozenset[Permission]) -> Iterator[tuple[str, str]]:
    if Permission.CALL_OFF_APPROVE in may:
        yield "to_approve", TO_APPROVE
    if {Permission.CALL_OFF_APPROVE, Permission.PEOPLE_MANAGE} <= may:  # who lets others approve
        yield "beyond_all", BEYOND_ALL
    if Permission.PLACE_HOLD in may:
        yield "past_nights", PAST_NIGHTS
        yield "holds", HOLDS
        yield "not_got", NOT_GOT


def _of_region(may: frozenset[Permission]) -> Iterator[tuple[str, str]]:
    yield "boards", BOARDS.format(where=STANDING_HERE)
    yield "capacity", CAPACITY
    if Permission.CONTRACT_VIEW in may:
        yield "ending", ENDING
        yield "exposed", EXPOSED
    if Permission.REGION_EDIT in may:
        yield "reviews", REVIEWS
