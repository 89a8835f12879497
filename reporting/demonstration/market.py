"""The market of the demonstration around its plans: before them what is offered, with them what is
bought, and after them how it went.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from aftercare.demonstration.links import write_links
from aftercare.services.evidence import write_housing_evidence
from commissioning.choices import OrganisationKind
from commissioning.kernel.clock import technical_now
from commissioning.models import Organisation, Partnership, User
from providers.demonstration.activity import write_activity
from providers.demonstration.boards import state_boards_again
from providers.demonstration.contracts import Contracts
from providers.demonstration.market import SEED, late_at, load_market, once
from providers.demonstration.people import lead_of, manager_of
from providers.demonstration.performing import Course
from providers.demonstration.quality import keep_report, write_lists, write_quality
from providers.demonstration.stays_bought import Buyers
from providers.demonstration.towns import towns
from providers.models import Contract, Provider
from providers.services.contracts.evidence import write_contract_evidence
from providers.services.preferred_evidence import write_preferred_evidence
from providers.services.primary_care.evidence import write_primary_care_evidence
from providers.services.providers import state_fixed_costs
from reporting.demonstration.people import APPROVER, CARE, PROVIDER, REHAB, REVIEWER
from reporting.services.contract_readings import write_contract_readings

Tell = Callable[[str], None]
HOUSE_COSTS = Decimal(438_000)  # a year, what the house costs however many are in it [B]
# What plans must know of the market.
EVIDENCE = (
    write_contract_evidence,
    write_preferred_evidence,
    write_primary_care_evidence,
    write_housing_evidence,
)


@dataclass(frozen=True)
class Market:
    """The market seen from the home partnership on the business day."""

    home: str
    today: dt.date
    tell: Tell

    def offer(self) -> None:
        """What there is to buy, and how full it is."""
        load_market(
            home=self.home,
            keepers={
                self._seller(email).code: self._person(email).pk for email in (PROVIDER, REHAB)
            },
            today=self.today,
            tell=self.tell,
        )

    def state_boards_again(self) -> None:
        """At a later start: who states boards day by day has stated them."""
        home = {self._seller(email).code for email in (PROVIDER, REHAB)}
        stated = state_boards_again(home=home, late=late_at(self.home), seed=SEED)
        self.tell(f"{stated:,} boards are stated; the others were not for days.")

    def contracts(self) -> Contracts:
        """What plans carry; see `load_plans`."""
        return Contracts(home=self.home, approver=self._person(APPROVER))

    def finish(self) -> None:
        """What became of it all by the business day."""
        self.tell("The market: contracts as they stand, call-offs, quality, activity, aftercare")
        once("course", self._course)
        once("call-offs", self._call_off)
        once("quality", self._quality)
        once("activity", self._activity)
        once("aftercare", self._aftercare)
        write_contract_readings(on=self.today)
        for write in EVIDENCE:
            write(on=self.today)

    def _course(self) -> None:
        Course(home=self._home, today=self.today).run()

    def _call_off(self) -> None:
        sellers = {
            one.pk: manager_of(one)
            for one in Provider.objects.by_name().filter(
                contracts__in=Contract.objects.of_partnership(self._home)
            )
        }
        Buyers(
            home=self._home,
            care=self._person(CARE),
            approver=self._person(APPROVER),
            sellers=sellers,
            today=self.today,
        ).run()

    def _quality(self) -> None:
        """Of the providers that somebody has a contract with, and of every house."""
        own = [self._seller(PROVIDER), self._seller(REHAB)]
        keys = {one.pk for one in own}
        others = Provider.objects.by_name().filter(services__isnull=False).distinct()
        write_quality(
            [*own, *(one for one in others if one.pk not in keys)], today=self.today, seed=SEED
        )
        for one in own:
            keep_report(provider=one, by=manager_of(one))
        state_fixed_costs(provider=self._seller(REHAB), amount=HOUSE_COSTS, by=self._person(REHAB))
        region = Organisation.objects.get(
            kind=OrganisationKind.REGION, code=towns()[self.home].region
        )
        houses = list(
            Provider.objects.by_name()
            .filter(services__is_national=True, services__site__partnership__in=self._members())
            .distinct()
        )
        write_lists(
            [(region, "Tier 4 providers of the region", self._person(REVIEWER), houses)],
            consortium=self._members(),
            today=self.today,
        )
        near = [one for one in self._members() if one.code != self.home][:1]
        write_lists(
            [
                (one.organisation, "Rehabilitation", lead_of(one), houses[:3])
                for one in (self._home, *near)
            ],
            consortium=(),
            today=self.today,
        )

    def _activity(self) -> None:
        sellers = Provider.objects.by_name().filter(services__interventions__tier__lte=2)
        people = {one.pk: manager_of(one) for one in sellers.distinct()}
        write_activity(
            people,
            own=self._seller(PROVIDER).pk,
            now=technical_now(),
            today=self.today,
            seed=SEED,
        )

    def _aftercare(self) -> None:
        others = [one for one in self._members() if one.code != self.home]
        write_links(
            [(one, lead_of(one)) for one in (self._home, *others)], today=self.today, seed=SEED
        )

    def _members(self) -> list[Partnership]:
        region = towns()[self.home].region
        return [one for one in Partnership.objects.by_name() if towns()[one.code].region == region]

    @property
    def _home(self) -> Partnership:
        return Partnership.objects.by_name().get(organisation__code=self.home)

    def _person(self, email: str) -> User:
        return User.objects.get(email=email)

    def _seller(self, email: str) -> Provider:
        return Provider.objects.by_name().get(organisation__memberships__user=self._person(email))
