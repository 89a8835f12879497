"""Writing a contract: by the commissioner, or by the provider who proposes one."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from django.db import transaction

from commissioning.kernel.words import day, pounds
from commissioning.models import InterventionType, Partnership, User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.refusals import refused_by
from providers.choices import (
    ContractKind,
    ContractState,
    PriceUnit,
    Side,
    TenderRoute,
)
from providers.models import (
    Contract,
    ContractClause,
    ContractShare,
    Place,
    Provider,
    Service,
    SubContractor,
)
from providers.reference.clauses import BY_CODE
from providers.rules.contract_costs import is_too_much
from providers.selectors.contracts.content import BOUGHT_BY_USE, plain
from providers.selectors.contracts.costs import cost_of
from providers.services.contracts.guard import (
    BEFORE_AWARD,
    WRITES,
    ContractRefused,
    lock_contract,
    require_side,
    require_state,
    save,
    tell_deed,
    wrote,
)

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class TermsGiven:
    """What a side writes of a contract's terms; see `Contract` for what each means."""

    title: str
    kind: ContractKind
    starts_on: dt.date
    ends_on: dt.date
    notice_weeks: int = 13
    extension_months: int = 0
    extensions_left: int = 0
    extend_by: dt.date | None = None
    price: Decimal | None = None
    price_unit: PriceUnit | str = ""
    places: int | None = None
    starts: int | None = None
    take_up: Decimal | None = None
    void_rate: Decimal | None = None
    ceiling: Decimal | None = None
    uplift: Decimal | None = None
    uplift_on: dt.date | None = None
    monitoring: str = ""


@dataclass(frozen=True)
class ShareGiven:
    """A partnership and its share in per cent."""

    partnership: int
    share: Decimal


@transaction.atomic
def draft_contract(
    *,
    provider: Provider,
    lead: Partnership,
    terms: TermsGiven,
    side: Side,
    by: Actor,
    reference: str = "",
) -> Contract:
    """A new contract, wholly the lead's until it is shared.

    `side` is who writes it: the commissioner drafts, the provider proposes. Raises
    `ContractRefused` in a sentence.
    """
    place = lead.pk if side == Side.COMMISSIONER else provider.pk
    require(by, WRITES[side], organisation_id=place)
    _refuse_nonsense(terms)
    named = (reference or _free_reference(lead, terms)).lower()
    with refused_by(
        "providers_contract_reference_key",
        f"There is a contract “{named}” already. Give another reference.",
        error=ContractRefused,
    ):
        contract = Contract.objects.create(
            reference=named,
            provider=provider,
            lead=lead,
            proposed_by=side,
            drafted_by=by if isinstance(by, User) else None,
            **asdict(terms),
        )
    ContractShare.objects.create(contract=contract, partnership=lead, share=HUNDRED)
    wrote(contract, by)
    tell_deed("drafted", contract, by, side=side.label, kind=contract.get_kind_display())
    return contract


@transaction.atomic
def edit_contract(
    *, contract: Contract, terms: TermsGiven, by: Actor, revision: int | None = None
) -> Contract:
    """Write the terms of a draft anew. Only the side that drafted or proposed it does."""
    held = _locked_draft(contract, by, revision)
    _refuse_nonsense(terms)
    changed: dict[str, Any] = {}
    for field in fields(terms):
        before, after = getattr(held, field.name), getattr(terms, field.name)
        if before != after:
            changed[field.name] = [_in_words(field.name, one) for one in (before, after)]
            setattr(held, field.name, after)
    _refuse_too_much(held)
    save(held, *(field.name for field in fields(terms)))
    if changed:
        tell_deed("edited", held, by, changed=changed)
    return held


def _in_words(name: str, value: Any) -> Any:
    """As the history says it: pounds as pounds, a choice by its name."""
    if value and name in {"price", "ceiling"}:
        return pounds(value)
    named = dict(getattr(Contract._meta.get_field(name), "flatchoices", ()) or ())
    return str(named.get(value, plain(value))) if value in named else plain(value)


@transaction.atomic
def set_shares(
    *,
    contract: Contract,
    shares: Sequence[ShareGiven],
    by: Actor,
    revision: int | None = None,
) -> Contract:
    """Who buys with the contract, and how much of it is whose; together exactly 100 per cent.

    The lead writes them, before the award. What partnerships agreed to is asked anew.
    """
    held = lock_contract(contract, revision=revision)
    require(by, Permission.CONTRACT_EDIT, organisation_id=held.lead_id)
    require_state(held, BEFORE_AWARD, "Shares are set before the award.")
    refuse_shares(held, shares)
    before = {str(one.partnership_id): str(one.share) for one in held.shares.all()}
    held.shares.all().delete()
    ContractShare.objects.bulk_create(
        ContractShare(contract=held, partnership_id=one.partnership, share=one.share)
        for one in shares
    )
    held.agreements.all().delete()
    held.money.exclude(line__plan__partnership__in=[one.partnership for one in shares]).delete()
    wrote(held, by)
    save(held)
    names = {
        one.partnership_id: str(one.partnership)
        for one in held.shares.select_related("partnership__organisation")
    }
    tell_deed(
        "shared",
        held,
        by,
        partnerships=len(before),
        shares={names[one.partnership]: f"{one.share.normalize():f} %" for one in shares},
    )
    return held


@transaction.atomic
def cover_interventions(
    *, contract: Contract, interventions: Iterable[InterventionType], by: Actor
) -> Contract:
    """Which interventions the contract buys."""
    held = _locked_draft(contract, by)
    held.interventions.set(interventions)
    save(held)
    tell_deed("edited", held, by, interventions=_names(held.interventions.all()))
    return held


@transaction.atomic
def cover_services(*, contract: Contract, services: Iterable[Service], by: Actor) -> Contract:
    """Which of the provider's services deliver it. Raises `ContractRefused` for another's."""
    held = _locked_draft(contract, by)
    wanted = list(services)
    strange = [str(one) for one in wanted if one.provider_id != held.provider_id]
    if strange:
        raise ContractRefused(f"{strange[0]} is no service of {held.provider}.")
    held.services.set(wanted)
    held.wanted_places.remove(*held.wanted_places.exclude(service__in=wanted))
    save(held)
    tell_deed("edited", held, by, services=_names(held.services.all()))
    return held


@transaction.atomic
def want_places(*, contract: Contract, places: Iterable[Place], by: Actor) -> Contract:
    """Which places a block contract is to buy; without any, they are chosen at the award."""
    held = _locked_draft(contract, by)
    wanted = list(places)
    covered = set(held.services.values_list("pk", flat=True))
    if any(one.service_id not in covered for one in wanted):
        raise ContractRefused("Choose places of the services that the contract covers.")
    held.wanted_places.set(wanted)
    save(held)
    tell_deed("edited", held, by, places=_names(wanted))
    return held


@transaction.atomic
def set_sub_contractors(
    *, contract: Contract, sub_contractors: Mapping[int, str], by: Actor
) -> Contract:
    """Who does part of the work, by provider: what each does."""
    held = _locked_draft(contract, by)
    if held.provider_id in sub_contractors:
        raise ContractRefused(f"{held.provider} cannot be a sub-contractor of itself.")
    if not all(does.strip() for does in sub_contractors.values()):
        raise ContractRefused("Say what each sub-contractor does.")
    held.sub_contractors.all().delete()
    SubContractor.objects.bulk_create(
        SubContractor(contract=held, provider_id=key, does=does.strip()[:300])
        for key, does in sub_contractors.items()
    )
    save(held)
    tell_deed("edited", held, by, sub_contractors=list(sub_contractors.values()))
    return held


@transaction.atomic
def keep_clauses(
    *, contract: Contract, included: Collection[str], by: Actor, notes: Mapping[str, str] = {}
) -> Contract:
    """Which clauses of the standard checklist are in the contract, and which are not, with why."""
    held = _locked_draft(contract, by)
    unknown = set(included) - set(BY_CODE)
    if unknown:
        raise ContractRefused(f"The checklist has no clause “{min(unknown)}”.")
    held.clauses.all().delete()
    ContractClause.objects.bulk_create(
        ContractClause(
            contract=held,
            clause=code,
            is_included=code in included,
            note=notes.get(code, "").strip()[:300],
        )
        for code in BY_CODE
    )
    save(held)
    tell_deed(
        "edited", held, by, clauses=[BY_CODE[one].title for one in BY_CODE if one in included]
    )
    return held


@transaction.atomic
def set_tender(
    *, contract: Contract, route: TenderRoute, by: Actor, waiver_reason: str = ""
) -> Contract:
    """How the provider was found; a waiver with its reason, which another person approves."""
    held = lock_contract(contract)
    require(by, Permission.CONTRACT_EDIT, organisation_id=held.lead_id)
    require_state(held, BEFORE_AWARD, "The tender route is set before the award.")
    if route == TenderRoute.WAIVER and not waiver_reason.strip():
        raise ContractRefused("Say why standing orders are waived.")
    held.tender_route = route
    held.waiver_reason = waiver_reason.strip()[:300] if route == TenderRoute.WAIVER else ""
    held.waiver_by = None
    wrote(held, by)
    save(held, "tender_route", "waiver_reason", "waiver_by")
    tell_deed("edited", held, by, tender_route=route.label, reason=held.waiver_reason)
    return held


def _locked_draft(contract: Contract, by: Actor, revision: int | None = None) -> Contract:
    held = lock_contract(contract, revision=revision)
    require_side(by, held, Side(held.proposed_by))
    require_state(held, {ContractState.DRAFT}, "Only a draft is written.")
    wrote(held, by)
    return held


def _refuse_nonsense(terms: TermsGiven) -> None:
    """What no contract can say, in a sentence."""
    if not terms.title.strip():
        raise ContractRefused("Enter the title.", field="title")
    if terms.ends_on <= terms.starts_on:
        raise ContractRefused(
            f"The contract would end on {day(terms.ends_on)}, which is not after it starts on"
            f" {day(terms.starts_on)}.",
            field="ends_on",
        )
    if terms.price is not None and not terms.price_unit:
        raise ContractRefused("Say what the price is for.")
    if terms.price is not None and terms.price <= 0:
        raise ContractRefused("Enter a price above £0.", field="price")
    if terms.uplift is not None and terms.uplift_on is None:
        raise ContractRefused("Enter the day from which the uplift counts.")
    if terms.extensions_left and not terms.extension_months:
        raise ContractRefused("Enter how many months an extension lasts.")
    if terms.extend_by is not None and terms.extend_by > terms.ends_on:
        raise ContractRefused(
            f"An extension would be decided by {day(terms.extend_by)}, after the contract ended.",
            field="extend_by",
        )


def _refuse_too_much(contract: Contract) -> None:
    cost = cost_of(contract)
    if is_too_much(cost.by_year):
        raise ContractRefused("It comes to more than this service can hold.")
    if contract.kind not in BOUGHT_BY_USE and contract.ceiling and cost.total > contract.ceiling:
        raise ContractRefused(
            f"It comes to {pounds(cost.total)}, and its ceiling is {pounds(contract.ceiling)}."
        )


def refuse_shares(contract: Contract, shares: Sequence[ShareGiven]) -> None:
    """Raise `ContractRefused` unless the lead is among them and they make 100 per cent."""
    parties = [one.partnership for one in shares]
    if contract.lead_id not in parties:
        raise ContractRefused(f"{contract.lead} leads the contract and must have a share.")
    if len(set(parties)) < len(parties):
        raise ContractRefused("Name each partnership once.")
    if any(one.share <= 0 for one in shares):
        raise ContractRefused("Each partnership has a share above 0 %.")
    total = sum((one.share for one in shares), Decimal(0))
    if total != HUNDRED:
        raise ContractRefused(
            f"The shares come to {total.normalize():f} %. They must make 100 % exactly."
        )


def _free_reference(lead: Partnership, terms: TermsGiven) -> str:
    """The lead's code, the year and a number: `nt-2006-3`."""
    beginning = f"{lead.code}-{terms.starts_on.year}".lower()
    number = Contract.objects.filter(reference__startswith=f"{beginning}-").count() + 1
    while Contract.objects.filter(reference=f"{beginning}-{number}").exists():
        number += 1
    return f"{beginning}-{number}"


def _names(rows: Iterable[object]) -> list[str]:
    return [str(one) for one in rows] or ["none"]
