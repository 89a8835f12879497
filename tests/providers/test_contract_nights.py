"""What a night brings for contracts: reminders, work, evidence, calendar days."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.models import Evidence, Notice
from commissioning.reference.evidence import EvidenceName
from providers.choices import Side, TenderRoute
from providers.selectors.contracts.dates import calendar_days
from providers.selectors.contracts.uncommitted import years_to_commit
from providers.services.contracts import (
    accept_contract,
    commit_year,
    end_early,
    keep_clauses,
    offer_contract,
    put_money,
    set_tender,
)
from providers.services.contracts.evidence import write_contract_evidence
from providers.services.contracts.reminding import remind_of_contracts
from providers.tasks import keep_contracts
from tests.factories.commissioning import PartnershipFactory, RegionFactory, UserFactory
from tests.factories.contracts import Bought, CommentFactory
from tests.factories.ledger import DAY, allocated, line_of, plan_of
from tests.providers.asked import market_asks

pytestmark = pytest.mark.django_db
CONTRACTS = {
    *("to_answer", "to_agree", "to_award", "to_put_in_force", "to_commit", "to_monitor"),
    *("to_put_right", "deadlines"),
}


@pytest.fixture
def bought():
    return Bought()


def asked(person, organisation, on=DAY):
    """What contracts ask of the person, by the names of the questions."""
    role = person.memberships.get().role
    found = market_asks(organisation.organisation, role, on=on, person=person.pk)
    return sorted(set(found) & CONTRACTS)


def sentences(person):
    return list(Notice.objects.filter(person=person).values_list("sentence", flat=True))


class TestReminding:
    def test_both_sides_are_told_once_of_each_day_and_distance(self, bought):
        contract = bought.awarded(notice_weeks=13, extensions_left=1, extension_months=12,
                                  extend_by=dt.date(2006, 12, 1))  # fmt: skip
        on = dt.date(2006, 11, 20)
        Notice.objects.all().delete()

        remind_of_contracts(on=on)
        again = remind_of_contracts(on=on)

        assert again == 0
        assert f"Extend by, contract {contract}: 1 December 2006" in sentences(bought.writer)
        assert f"Extend by, contract {contract}: 1 December 2006" in sentences(bought.manager)

    def test_overdue_remedies_and_returns_are_told(self, bought):
        contract = bought.awarded()
        CommentFactory(contract=contract, remedy="Call leavers", due_on=dt.date(2006, 9, 1))
        Notice.objects.all().delete()

        remind_of_contracts(on=dt.date(2006, 11, 20))

        said = sentences(bought.manager)
        assert any("Not put right by 1 September 2006" in one for one in said)
        assert any("was due on 29 October 2006" in one for one in said)


class TestWork:
    def test_an_offer_waits_for_the_provider_and_then_for_an_awarder(self, bought):
        contract = bought.drafted()
        offer_contract(contract=contract, by=bought.writer, on=DAY)
        assert asked(bought.manager, bought.provider) == ["to_answer"]
        assert asked(bought.awarder, bought.lead) == []

        accept_contract(contract=contract, by=bought.manager, on=DAY)

        assert asked(bought.manager, bought.provider) == []
        assert asked(bought.awarder, bought.lead) == ["to_award"]

    def test_a_proposal_waits_for_its_tender_and_money_and_then_for_an_awarder(self, bought):
        contract = bought.drafted(side=Side.PROVIDER)
        offer_contract(contract=contract, by=bought.manager, on=DAY)
        assert asked(bought.writer, bought.lead) == ["to_answer"]

        set_tender(contract=contract, route=TenderRoute.OPEN, by=bought.writer)
        assert asked(bought.writer, bought.lead) == ["to_answer"]
        bought.funded(contract)

        assert asked(bought.writer, bought.lead) == []
        assert asked(bought.awarder, bought.lead) == ["to_award"]

    def test_a_variation_waits_for_whoever_can_answer_it(self, bought):
        contract = bought.awarded()
        end_early(
            contract=contract,
            ends_on=DAY + dt.timedelta(weeks=1),
            reason="So.",
            by=bought.writer,
            on=DAY,
        )

        assert "to_agree" in asked(bought.manager, bought.provider)
        assert "to_put_in_force" not in asked(bought.awarder, bought.lead)

    def test_ends_notices_and_returns_that_come(self, bought):
        bought.awarded(notice_weeks=4)
        on = dt.date(2007, 2, 15)

        assert asked(bought.writer, bought.lead, on) == ["deadlines"]
        assert asked(bought.manager, bought.provider, on) == ["deadlines", "to_monitor"]

    def test_what_was_not_put_right_in_time_waits_for_both_sides(self, bought):
        contract = bought.awarded(ends_on=dt.date(2009, 4, 1))
        due = dt.date(2006, 6, 1)
        CommentFactory(contract=contract, remedy="Call leavers", due_on=due)
        CommentFactory(contract=contract, remedy="Done", due_on=due, done_on=due)

        assert asked(bought.manager, bought.provider, due) == []
        late = due + dt.timedelta(days=1)
        assert asked(bought.manager, bought.provider, late) == ["to_put_right"]
        assert asked(bought.writer, bought.lead, late) == ["to_put_right"]

    def test_a_later_year_waits_to_be_committed_once_its_plan_is_agreed(self, bought):
        contract = bought.awarded(ends_on=dt.date(2008, 4, 1))
        assert asked(bought.awarder, bought.lead) == []
        plan = plan_of(bought.lead, year=2007)
        part = allocated(line_of(plan), 100_000)
        others = plan_of(bought.partner, year=2007)

        assert asked(bought.awarder, bought.lead) == ["to_commit"]
        remind_of_contracts(on=DAY)
        again = remind_of_contracts(on=DAY)

        said = f"The plan of 2007/08 is agreed: commit that year of contract {contract}"
        assert sentences(bought.awarder).count(said) == 1
        assert said not in sentences(bought.manager)
        assert (again, others.year) == (0, 2007)

        put_money(
            contract=contract, plan=plan, amounts={part.pk: Decimal("73200.00")}, by=bought.writer
        )
        commit_year(contract=contract, plan=plan, by=bought.awarder, on=DAY)

        assert asked(bought.awarder, bought.lead) == []

    def test_a_year_on_a_joint_plan_waits_for_that_plan_alone(self, bought):
        contract = bought.awarded(ends_on=dt.date(2008, 4, 1))
        own = plan_of(bought.lead, year=2007)
        joint = plan_of(bought.lead, year=2007, kind="JOINT", slug="FY2007-tier-4", name="Tier 4")
        part = allocated(line_of(joint), 100_000)
        assert [one.plan for one in years_to_commit([contract])] == [own.pk]

        put_money(contract=contract, plan=joint, amounts={part.pk: Decimal(10)}, by=bought.writer)

        assert [one.plan for one in years_to_commit([contract])] == [joint.pk]

    def test_what_is_paid_by_use_commits_no_year(self, bought):
        contract = bought.awarded(
            kind="FRAMEWORK", places=None, ceiling=Decimal(50_000), ends_on=dt.date(2008, 4, 1)
        )
        plan_of(bought.lead, year=2007)

        assert years_to_commit([contract]) == []

    def test_a_region_is_told_what_ends(self):
        region = RegionFactory()
        bought = Bought(lead=PartnershipFactory(region=region))
        bought.awarded(notice_weeks=4)

        (ending,) = market_asks(region, "REVIEWER", on=dt.date(2007, 2, 15))["ending"]

        assert ending == {"contracts": 1, "first": "2007-04-01"}

    def test_nobody_else_is_asked_anything(self, bought):
        bought.awarded()

        assert asked(UserFactory(lead_of=bought.partner), bought.partner) == []

    def test_the_days_stand_in_the_calendar_of_both_sides(self, bought):
        contract = bought.awarded(notice_weeks=4)
        span = {"since": DAY, "until": dt.date(2008, 1, 1)}

        for person in (bought.writer, bought.manager):
            days = {on: words for on, words, _ in calendar_days(person, **span)}
            assert days[dt.date(2007, 3, 4)] == (
                f"Last day for notice: contract {contract.reference}, Rehabilitation"
            )


class TestEvidence:
    def known(self, partnership):
        rows = Evidence.objects.filter(
            name=EvidenceName.STANDARD_CONTRACTS, subject=partnership.pk
        )
        return [(int(one.value), one.source) for one in rows]

    def test_every_tier_4_contract_has_every_clause(self, bought):
        bought.awarded()

        assert write_contract_evidence(on=DAY) == 1
        assert write_contract_evidence(on=DAY) == 0
        assert self.known(bought.lead) == [
            (1, "Contracts: 1 of 1 at Tier 4 in force has every standard clause, NDTMS among them")
        ]

    def test_one_without_ndtms_breaks_it(self, bought):
        made = bought.drafted()
        keep_clauses(contract=made, included={"quality"}, by=bought.writer)
        type(made).objects.filter(pk=made.pk).update(
            state="OFFERED", accepted_at="2006-03-01T12:00Z", awarded_at="2006-03-01T12:00Z"
        )
        type(made).objects.filter(pk=made.pk).update(state="AWARDED")

        write_contract_evidence(on=DAY)

        assert self.known(bought.lead)[0][0] == 0

    def test_who_buys_nothing_at_tier_4_is_not_judged(self, bought):
        write_contract_evidence(on=DAY)

        assert self.known(bought.lead) == []


def test_the_nightly_task_begins_ends_and_reminds(bought, settings):
    settings.BUSINESS_DAY = dt.date(2007, 4, 1)
    contract = bought.awarded(price=Decimal("70.00"))

    keep_contracts()

    contract.refresh_from_db()
    assert contract.state == "ENDED"
