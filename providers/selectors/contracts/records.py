"""Contracts as a person may see them, and what the record of one shows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Prefetch, Q, Subquery

from commissioning.choices import AT_WORK_IN
from commissioning.kernel.words import MISSING, day, pounds
from commissioning.models import Partnership, Plan, User
from commissioning.roles import Permission
from providers.choices import ContractState, Side, VariationState
from providers.models import Contract, ContractShare, Provider, SubContractor, Variation
from providers.models.contracts import ContractQuerySet


def seen_by(person: User) -> ContractQuerySet:
    """Contracts of a person's partnerships, provider, region or nation. A draft is its writer's
    side's alone until it is offered.
    """
    rows = Contract.objects.permitted(person, Permission.CONTRACT_VIEW)
    reach = person.reach(Permission.CONTRACT_VIEW)
    if reach.nation:
        return rows.exclude(state=ContractState.DRAFT, proposed_by=Side.PROVIDER)
    shared = ContractShare.objects.filter(partnership__in=reach.partnerships)
    mine = Q(proposed_by=Side.COMMISSIONER) & (
        Q(lead__in=reach.partnerships) | Q(pk__in=shared.values("contract"))
    )
    mine |= Q(proposed_by=Side.PROVIDER, provider__in=reach.providers)
    return rows.filter(~Q(state=ContractState.DRAFT) | mine)


def record_of(person: User, reference: str, *, is_whole: bool = True) -> Contract | None:
    """The contract of a reference with all that its record names; None where it is not seen.

    Not `is_whole`: with its shares and interventions alone.
    """
    shares = ContractShare.objects.select_related("partnership__organisation").order_by(
        "partnership__organisation__name"
    )
    subs = SubContractor.objects.select_related("provider__organisation")
    rows = (
        seen_by(person)
        .with_names()
        .select_related("waiver_by", "accepted_by", "awarded_by", "drafted_by")
        .prefetch_related(Prefetch("shares", shares), "interventions")
        .filter(reference=reference)
    )
    if is_whole:
        rows = rows.prefetch_related(Prefetch("sub_contractors", subs), "services", "clauses")
    return rows.first()


def listed_for(
    person: User, *, partnership: Partnership | None, provider: Provider | None
) -> ContractQuerySet:
    """The contracts of a partnership or a provider, with the day each ends and the share."""
    rows = seen_by(person).with_names()
    share = ContractShare.objects.filter(contract=OuterRef("pk"))
    if partnership is not None:
        rows = rows.of_partnership(partnership)
        share = share.filter(partnership=partnership)
    if provider is not None:
        rows = rows.filter(provider=provider)
        share = share.filter(partnership=OuterRef("lead"))
    return rows.annotate(share=Subquery(share.values("share")[:1])).order_by(
        "ends_on", "reference"
    )


def variation_in_hand(contract: Contract) -> Variation | None:
    """The one that is proposed and neither decided nor withdrawn. One query."""
    return contract.variations.filter(state=VariationState.PROPOSED).first()


# What falls due of a contract, by its kind.
FALLS_DUE = {"end": "Ends", "notice": "Last day for notice", "option": "Extend by"}


@dataclass(frozen=True)
class Deadline:
    """A day on which something of a contract falls due."""

    on: dt.date
    kind: str

    @property
    def words(self) -> str:
        return FALLS_DUE[self.kind]


def deadlines_of(contract: Contract) -> list[Deadline]:
    """The last day for notice at the end of the term, the option's and the end, in order."""
    end = contract.holds_until
    found = [Deadline(end, "end")]
    if contract.ended_on is None:
        notice = end - dt.timedelta(weeks=contract.notice_weeks)
        if notice > contract.starts_on:
            found.append(Deadline(notice, "notice"))
        if contract.extensions_left and contract.extend_by:
            found.append(Deadline(contract.extend_by, "option"))
    return sorted(found, key=lambda one: one.on)


def own_plans(contract: Contract, person: User) -> list[Plan]:
    """The agreed plans of the contract's years whose money the person may see. One query."""
    parties = [one.partnership_id for one in contract.shares.all()]
    return list(
        Plan.objects.permitted(person, Permission.PLAN_VIEW)
        .with_names()
        .filter(partnership__in=parties, state__in=AT_WORK_IN)
        .order_by("year", "partnership__organisation__name", "pk")
    )


def price_words(contract: Contract) -> str:
    """£700 a bed a week."""
    if contract.price is None:
        return MISSING
    return f"{pounds(contract.price)} {contract.get_price_unit_display()}"


def share_of(row: ContractShare) -> str:
    """60 %, from 1 October 2006; what it had until when it left."""
    said = share_words(row.share)
    if row.left_on is not None:
        return f"{said} until before {day(row.left_on)}, none since"
    return f"{said}, from {day(row.joined_on)}" if row.joined_on else said


def share_words(share: Decimal) -> str:
    return f"{share.normalize():f} %"
