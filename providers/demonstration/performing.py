"""How the home partnership's contracts go: what both sides said of two quarters, and what is in
hand on the business day.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.core.files.base import ContentFile

from commissioning.choices import PlanKind
from commissioning.kernel.periods import Grain, Period
from commissioning.models import InterventionType, Partnership, User
from providers.choices import ContractKind, PriceUnit, Side, TenderRoute
from providers.demonstration.people import buyer_of, lead_of, manager_of
from providers.models import Contract, Provider, Service
from providers.reference.clauses import BY_CODE
from providers.selectors.contracts.costs import cost_of
from providers.selectors.contracts.money import allocations_for, suggested
from providers.services.contracts import (
    TermsGiven,
    accept_contract,
    cover_interventions,
    cover_services,
    draft_contract,
    keep_clauses,
    keep_contracts,
    offer_contract,
    propose_variation,
    put_money,
    set_tender,
    suspend_contract,
)
from providers.services.contracts.documents import add_contract_document
from providers.services.contracts.performance import (
    accept_monitoring_return,
    say_of_quarter,
    send_monitoring_return,
)

QUARTERS = (dt.date(2006, 4, 1), dt.date(2006, 7, 1))
NARRATIVES = (
    "Evening prescribing opened in May. Two nurses left; both posts are filled from July.",
    "Waits are within three weeks again. More leave as planned since housing joined the reviews.",
)
SPECIFICATION = """Community prescribing: what is bought

Assessment within a week of referral; a prescriber sees everybody within three weeks.
Two evening clinics a week and one on Saturday mornings. A review every twelve weeks.
Supervised consumption for the first three months, in pharmacies of the area.
"""
COVER = """Clinical cover, 2006/07

Two doctors and three nurse prescribers. The senior house officer on call is reached through the
switchboard of the trust at night. Leave is covered from the neighbouring team.
"""
PILOT = Decimal(64_800)  # a year; a month of it is bought


class Course:
    """What became of the home partnership's contracts by the business day."""

    def __init__(self, *, home: Partnership, today: dt.date) -> None:
        self.home, self.today = home, today
        self.lead, self.buyer = lead_of(home), buyer_of(home)

    def run(self) -> None:
        keep_contracts(by=self.lead, on=self.today)
        self.monitor("gh-prescribing")
        self.monitor("gh-day-programme", starts=19)
        self.monitor("gh-counselling", starts=71)
        self.remedy("gh-day-programme")
        suspend_contract(
            contract=_named("gh-rehab-spot"),
            reason="An inspection found night cover too thin. Nobody new is sent until it is.",
            by=self.lead,
            on=self.today - dt.timedelta(days=20),
        )
        self.file("gh-prescribing")
        self.vary("gh-prescribing")
        self.propose()
        self.offer()
        self.ask_for_award()
        self.draft()

    def monitor(self, reference: str, *, starts: int | None = None) -> None:
        """Returns of two quarters; the first was accepted, the third is due."""
        contract = _named(reference)
        for number, (first, said) in enumerate(zip(QUARTERS, NARRATIVES, strict=True)):
            quarter = Period.containing(first, Grain.QUARTER)
            made = send_monitoring_return(
                contract=contract,
                quarter=quarter,
                narrative=said,
                starts=starts,
                by=manager_of(contract.provider),
                on=quarter.end + dt.timedelta(days=25),
            )
            if number == 0:
                accept_monitoring_return(returned=made, by=self.lead)

    def file(self, reference: str) -> None:
        """What each side added to a contract: its specification, and how the clinic is covered."""
        contract = _named(reference)
        for person, name, words in (
            (self.buyer, "Specification.txt", SPECIFICATION),
            (manager_of(contract.provider), "Clinical cover.txt", COVER),
        ):
            file = ContentFile(words.encode(), name=name)
            add_contract_document(contract=contract, file=file, by=person)

    def remedy(self, reference: str) -> None:
        """One quarter went badly; what is put right by when."""
        contract = _named(reference)
        quarter = Period.containing(QUARTERS[1], Grain.QUARTER)
        on = quarter.end + dt.timedelta(days=40)
        say_of_quarter(
            contract=contract,
            quarter=quarter,
            text="A third left in the first four weeks. We agreed one in five at most.",
            remedy="Call everybody who misses a second day, and offer a place within a week",
            due_on=dt.date(2007, 3, 1),
            by=self.lead,
            on=on,
        )
        say_of_quarter(
            contract=contract,
            quarter=quarter,
            text="Two group workers were ill. Calls began in November; January looks better.",
            by=manager_of(contract.provider),
            on=on + dt.timedelta(days=6),
        )

    def vary(self, reference: str) -> None:
        """A higher price from April, proposed by the provider: an approver decides."""
        contract = _named(reference)
        assert contract.price is not None  # noqa: S101 - priced by the year
        propose_variation(
            contract=contract,
            changes={"price": contract.price + Decimal(9_800)},
            holds_from=dt.date(2007, 4, 1),
            reason="A second evening clinic, with a nurse prescriber, from April.",
            by=manager_of(contract.provider),
            on=self.today - dt.timedelta(days=9),
        )

    def propose(self) -> None:
        """The provider proposes a contract; the commissioner has to answer."""
        provider, services = self._team()
        manager = manager_of(provider)
        contract = self._drafted(
            provider,
            TermsGiven(
                title="Prescribing in the hostel, one afternoon a week",
                kind=ContractKind.SLA,
                starts_on=dt.date(2007, 4, 1),
                ends_on=dt.date(2008, 4, 1),
                price=Decimal(18_500),
                price_unit=PriceUnit.YEAR,
                monitoring="Each quarter",
            ),
            Side.PROVIDER,
            manager,
            "gh-hostel-clinic",
        )
        self._fill_in(contract, ["specialist-prescribing"], services, manager)
        offer_contract(contract=contract, by=manager, on=self.today - dt.timedelta(days=4))

    def offer(self) -> None:
        """The commissioner offers one; the provider has to answer."""
        provider, services = self._team()
        contract = self._drafted(
            provider,
            TermsGiven(
                title="Vaccination against hepatitis B at every first visit",
                kind=ContractKind.COST_AND_VOLUME,
                starts_on=dt.date(2007, 4, 1),
                ends_on=dt.date(2008, 4, 1),
                price=Decimal(45),
                price_unit=PriceUnit.START,
                starts=260,
                monitoring="Each quarter",
            ),
            Side.COMMISSIONER,
            self.buyer,
            "gh-vaccination",
        )
        self._fill_in(contract, ["bbv-prevention"], services, self.buyer)
        set_tender(contract=contract, route=TenderRoute.NONE, by=self.buyer)
        offer_contract(contract=contract, by=self.buyer, on=self.today - dt.timedelta(days=2))

    def ask_for_award(self) -> None:
        """Accepted and funded: within the limit of the finance approver, who awards it."""
        provider = Provider.objects.get(organisation__code=f"PH{self.home.code}")
        contract = self._drafted(
            provider,
            TermsGiven(
                title="Supervised consumption in three pharmacies, pilot",
                kind=ContractKind.LES,
                starts_on=dt.date(2007, 3, 1),
                ends_on=dt.date(2007, 4, 1),
                price=PILOT,
                price_unit=PriceUnit.YEAR,
                monitoring="At its end",
            ),
            Side.COMMISSIONER,
            self.buyer,
            "gh-pharmacies",
        )
        self._fill_in(contract, ["pharmacy-exchange"], [], self.buyer)
        set_tender(contract=contract, route=TenderRoute.NONE, by=self.buyer)
        self._fund(contract)
        offer_contract(contract=contract, by=self.buyer, on=self.today - dt.timedelta(days=8))
        accept_contract(
            contract=contract, by=manager_of(provider), on=self.today - dt.timedelta(days=3)
        )

    def draft(self) -> None:
        """One that somebody is still writing."""
        provider, _ = self._team()
        self._drafted(
            provider,
            TermsGiven(
                title="Prescribing on Saturday mornings",
                kind=ContractKind.SLA,
                starts_on=dt.date(2007, 7, 1),
                ends_on=dt.date(2008, 4, 1),
            ),
            Side.COMMISSIONER,
            self.buyer,
            "gh-saturdays",
        )

    def _fund(self, contract: Contract) -> None:
        """From what the lines of the year that runs have left, the fittest first."""
        plan = self.home.plans.get(year=2006, kind=PlanKind.OWN)
        parts = allocations_for(contract, plan)
        due = cost_of(contract).by_year[plan.year]
        put_money(contract=contract, plan=plan, amounts=suggested(due, parts), by=self.buyer)

    def _drafted(
        self, provider: Provider, terms: TermsGiven, side: Side, by: User, reference: str
    ) -> Contract:
        return draft_contract(
            provider=provider,
            lead=self.home,
            terms=terms,
            side=side,
            by=by,
            reference=reference,
        )

    def _fill_in(
        self, contract: Contract, kinds: Iterable[str], services: list[Service], by: User
    ) -> None:
        wanted = InterventionType.objects.filter(pk__in=kinds)
        cover_interventions(contract=contract, interventions=wanted, by=by)
        cover_services(contract=contract, services=services, by=by)
        keep_clauses(contract=contract, included=frozenset(BY_CODE), by=by)

    def _team(self) -> tuple[Provider, list[Service]]:
        """The drug team of the area, as its contract names it."""
        contract = _named("gh-prescribing")
        return contract.provider, list(contract.services.all())


def _named(reference: str) -> Contract:
    return Contract.objects.with_names().get(reference=reference)
