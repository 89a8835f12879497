"""The contracts of the demonstration, written, accepted and awarded as people would.

They are awarded before the plan that carries them is spent, so the bank's payments settle what
they promised.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Q

from commissioning.choices import PlanKind
from commissioning.models import Allocation, InterventionType, Line, Plan, User
from providers.choices import PriceUnit, Side, TenderRoute
from providers.demonstration import agreements
from providers.demonstration.agreements import Agreement
from providers.demonstration.people import buyer_of, lead_of, manager_of
from providers.models import Agency, Contract, Place, Provider, Service
from providers.reference.clauses import BY_CODE
from providers.rules.contract_costs import fill
from providers.selectors.contracts.costs import cost_of
from providers.services.contracts import (
    ShareGiven,
    TermsGiven,
    accept_contract,
    agree_part,
    approve_waiver,
    award_contract,
    cover_interventions,
    cover_services,
    draft_contract,
    keep_clauses,
    offer_contract,
    put_money,
    set_shares,
    set_sub_contractors,
    set_tender,
    want_places,
)
from providers.services.contracts.performance import set_schedule


class Contracts:
    """Writes contracts on the lines of plans. `approver` approves waivers of the home one."""

    def __init__(self, *, home: str, approver: User | None) -> None:
        self.home, self.approver = home, approver

    def award_on(self, plan: Plan) -> None:
        """What the plan of the year that runs is to carry, awarded on the day before it begins."""
        for agreement in self._agreements(plan):
            seller = self._seller(agreement, plan)
            if seller is not None:
                self._award(agreement, plan, *seller)

    def _agreements(self, plan: Plan) -> Sequence[Agreement]:
        if plan.kind == PlanKind.JOINT:
            return agreements.JOINT
        at_home = plan.partnership.code == self.home
        return agreements.HOME if at_home else agreements.ELSEWHERE

    def _seller(self, agreement: Agreement, plan: Plan) -> tuple[Provider, list[Service]] | None:
        """Whose services are bought; None where the area has none such."""
        if agreement.seller.startswith("provider:"):
            code = agreement.seller.removeprefix("provider:").format(plan.partnership.code)
            found = Provider.objects.by_name().filter(organisation__code=code).first()
            return None if found is None else (found, [])
        services = Service.objects.select_related("provider__organisation").filter(
            interventions__intervention=agreement.interventions[0]
        )
        if agreement.seller in {"team", "programme"}:
            services = services.filter(catchment=plan.partnership)
            trusts = Q(provider__organisation__code__startswith="TR")
            services = services.filter(trusts if agreement.seller == "team" else ~trusts)
        else:
            agency = Agency.objects.filter(code=agreement.seller).first()
            services = services.filter(agency=agency)
        service = services.order_by("pk").first()
        return None if service is None else (service.provider, [service])

    def _award(
        self, agreement: Agreement, plan: Plan, provider: Provider, services: Sequence[Service]
    ) -> None:
        lead = plan.partnership
        writer, head, seller = buyer_of(lead), lead_of(lead), manager_of(provider)
        on = plan.period.start - dt.timedelta(days=1)
        line = plan.lines.filter(name=agreement.line).first() if agreement.line else None
        at_home = lead.code == self.home
        contract = draft_contract(
            provider=provider,
            lead=lead,
            terms=_terms(agreement, line),
            side=Side.COMMISSIONER,
            by=writer,
            reference=agreement.reference if at_home else f"{lead.code}-{agreement.reference}",
        )
        self._fill_in(contract, agreement, plan, services, writer)
        if line is not None:
            amounts = _amounts(contract, line)
            put_money(contract=contract, plan=plan, amounts=amounts, by=writer)
        offer_contract(contract=contract, by=writer, on=on)
        accept_contract(contract=contract, by=seller, on=on)
        for share in contract.shares.exclude(partnership=lead).select_related("partnership"):
            agree_part(
                contract=contract, partnership=share.partnership, by=lead_of(share.partnership)
            )
        if agreement.route is TenderRoute.WAIVER:
            approve_waiver(contract=contract, by=self.approver or head)
        award_contract(contract=contract, by=head, on=plan.period.start)

    def _fill_in(
        self,
        contract: Contract,
        agreement: Agreement,
        plan: Plan,
        services: Sequence[Service],
        by: User,
    ) -> None:
        """Everything of a draft but its terms."""
        kinds = InterventionType.objects.filter(pk__in=agreement.interventions)
        cover_interventions(contract=contract, interventions=kinds, by=by)
        if services:
            cover_services(contract=contract, services=services, by=by)
        if agreement.takes_volume and agreement.unit == PriceUnit.BED_WEEK:
            places = sorted(
                Place.objects.filter(service__in=services, overbooked_for=""),
                key=lambda one: one.pk,
            )
            number = Contract.objects.get(pk=contract.pk).places or 0
            want_places(contract=contract, places=places[:number], by=by)
        keep_clauses(contract=contract, included=frozenset(BY_CODE) - agreement.without, by=by)
        set_tender(contract=contract, route=agreement.route, waiver_reason=agreement.waiver, by=by)
        subs = {
            Provider.objects.get(organisation__code=code.format(plan.partnership.code)).pk: does
            for code, does in agreement.sub_contractors.items()
        }
        if subs:
            set_sub_contractors(contract=contract, sub_contractors=subs, by=by)
        if agreement.schedule:
            set_schedule(contract=contract, targets=agreement.schedule, by=by)
        if agreement.is_shared:
            set_shares(contract=contract, shares=_shares(plan), by=by)


def _shares(plan: Plan) -> list[ShareGiven]:
    """The shares of the joint plan's members, which make one hundred."""
    return [
        ShareGiven(one.partnership_id, one.share) for one in plan.members.order_by("partnership")
    ]


def _terms(agreement: Agreement, line: Line | None) -> TermsGiven:
    """The terms, with price and volume as the line reckons."""
    price, places, starts = agreement.price, None, None
    if line is not None and agreement.unit == PriceUnit.BED_WEEK:
        price, places = _of_line(line) - agreement.less, line.places
    elif line is not None and agreement.unit == PriceUnit.START and line.planned_starts:
        starts = line.planned_starts
        price = (_total(line) / starts).quantize(Decimal(1)) - agreement.less
    elif line is not None and price is None:
        price = _total(line)
    return TermsGiven(
        title=agreement.title,
        kind=agreement.kind,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        notice_weeks=agreement.notice_weeks,
        extension_months=agreement.extension_months,
        extensions_left=int(bool(agreement.extension_months)),
        extend_by=agreement.extend_by,
        price=price,
        price_unit=agreement.unit,
        places=places,
        starts=starts,
        take_up=agreement.take_up,
        void_rate=agreement.void_rate,
        ceiling=agreement.ceiling,
        uplift=agreement.uplift,
        uplift_on=agreement.uplift_on,
        monitoring=agreement.monitoring,
    )


def _of_line(line: Line) -> Decimal:
    assert line.unit_cost is not None  # noqa: S101 - beds are priced by the week
    return line.unit_cost


def _total(line: Line) -> Decimal:
    amounts = line.allocations.values_list("planned", flat=True)
    return sum(amounts, Decimal(0))


def _amounts(contract: Contract, line: Line) -> dict[int, Decimal]:
    """The first year's cost, on the line's streams as far as each is free."""
    due = cost_of(contract).by_year.get(line.plan.year, Decimal(0))
    parts = Allocation.objects.filter(line=line).order_by("pk")
    return fill(due, {one.pk: one.headroom for one in parts})
