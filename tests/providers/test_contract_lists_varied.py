"""Variations of what a contract covers, what it is measured by and whose it is."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.models import Entry, InterventionType, Notice
from commissioning.services.ledger import BeyondTheLine
from providers.choices import ContractState
from providers.models import Contract, PerformanceReading
from providers.selectors.contracts.buying import block_places
from providers.selectors.contracts.performance import Awaiting, performance_of, quarters_of
from providers.selectors.contracts.records import record_of
from providers.selectors.contracts.uncommitted import years_to_commit
from providers.services.contracts import (
    ContractRefused,
    agree_part,
    agree_variation,
    choose_lines,
    propose_variation,
    put_into_force,
    refuse_variation,
)
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.contracts import Bought
from tests.factories.ledger import DAY, allocated, line_of, plan_of
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
D = Decimal
MARCH = dt.date(2007, 3, 1)
AUTUMN = dt.date(2006, 10, 1)
SPRING = dt.date(2006, 4, 1)


def vary(bought, contract, by=None, holds_from=AUTUMN, **changes):
    one = propose_variation(
        contract=contract,
        changes=changes,
        holds_from=holds_from,
        reason="Others come.",
        by=by or bought.writer,
        on=DAY,
    )
    if by is None:
        agree_variation(variation=one, by=bought.manager, on=DAY)
    return one


def committed(*parts):
    for one in parts:
        one.refresh_from_db()
    return [one.committed for one in parts]


class TestInterventions:
    def test_a_further_one_is_bought_and_stands_in_the_next_version(self):
        bought = Bought()
        contract = bought.awarded()
        more = InterventionType.objects.exclude(pk=bought.kind.pk).first()

        one = vary(bought, contract, interventions=[bought.kind.code, more.code])
        held = put_into_force(variation=one, by=bought.awarder, on=DAY)

        assert set(held.interventions.all()) == {bought.kind, more}
        first, second = (row.content["interventions"] for row in held.versions.order_by("number"))
        assert (first, second) == ([bought.kind.code], sorted([bought.kind.code, more.code]))
        assert committed(bought.part) == [D("73000.00")]

    def test_a_contract_covers_at_least_one_and_only_what_there_is(self):
        bought = Bought()
        contract = bought.awarded()

        with pytest.raises(ContractRefused, match="Say which interventions"):
            vary(bought, contract, interventions=[])
        with pytest.raises(ContractRefused, match="no intervention “magic”"):
            vary(bought, contract, interventions=["magic"])
        with pytest.raises(ContractRefused, match="Nothing is changed"):
            vary(bought, contract, interventions=[bought.kind.code])


class TestTheSchedule:
    @pytest.fixture
    def bought(self):
        return Bought()

    @pytest.fixture
    def contract(self, bought):
        return bought.awarded(targets={"RET-NEW": D("0.70"), "CARE-PLAN": D("0.90")})

    def agreed_in(self, contract, today=dt.date(2007, 2, 15)):
        periods = quarters_of(contract, today=today)
        return {
            one.period.code: {row.title: row.target for row in one.measures}
            for one in performance_of(contract, periods, Awaiting(today, due_days=15))
        }

    def test_a_quarter_is_measured_by_what_is_agreed_when_it_begins(self, bought, contract):
        one = vary(
            bought,
            contract,
            holds_from=dt.date(2006, 8, 15),
            schedule={"RET-NEW": D("0.75"), "places": D("0.85")},
        )
        put_into_force(variation=one, by=bought.awarder, on=DAY)

        agreed = self.agreed_in(contract)
        before = {"Retained twelve weeks, of new journeys": "70%", "Care plan in place": "90%"}
        after = {"Retained twelve weeks, of new journeys": "75%", "Contracted places used": "85%"}
        assert agreed == {
            "2006-Q1": before,
            "2006-Q2": before,
            "2006-Q3": after,
            "2006-Q4": after,
        }

    def test_what_was_read_of_a_line_stays(self, bought, contract):
        line = contract.schedule.get(measure="RET-NEW")
        PerformanceReading.objects.create(
            measure=line, quarter="2006-Q1", value=D("0.72"), as_at=DAY
        )
        one = vary(bought, contract, schedule={})
        put_into_force(variation=one, by=bought.awarder, on=DAY)

        winter = dt.date(2006, 12, 1)
        periods = quarters_of(contract, today=winter)[::-1]
        first, *_, last = performance_of(contract, periods, Awaiting(winter, due_days=15))
        assert {row.value for row in first.measures} == {"72%", "–"}
        assert last.measures == []
        assert contract.versions.get(number=2).content["schedule"] == {}

    def test_from_the_first_day_on_it_is_written_over(self, bought, contract):
        one = vary(bought, contract, holds_from=SPRING, schedule={"RET-NEW": D("0.75")})
        put_into_force(variation=one, by=bought.awarder, on=DAY)

        assert set(self.agreed_in(contract)["2006-Q1"].values()) == {"75%"}

    def test_no_share_is_above_all(self, bought, contract):
        with pytest.raises(ContractRefused, match="between 0 % and 100 %"):
            vary(bought, contract, schedule={"RET-NEW": D("7.5")})
        with pytest.raises(ContractRefused, match="Nothing is changed"):
            vary(bought, contract, schedule={"RET-NEW": D("0.7"), "CARE-PLAN": D("0.9")})


def page(contract, name, *more):
    return reverse(f"providers:{name}", args=[contract.reference, *more])


def day(name, on):
    return {f"{name}_0": on.day, f"{name}_1": on.month, f"{name}_2": on.year}


def typed(form):
    """What the page would send as it stands."""
    found = {}
    for one in form:
        value = one.value()
        if isinstance(value, dt.date):
            found |= day(one.name, value)
        elif value is not None:
            found[one.name] = value
    return found


class TestThePages:
    def test_what_is_left_as_it_is_does_not_change(self, client):
        bought = Bought(share=60)
        contract = bought.awarded(targets={"RET-NEW": D("0.70")})
        client.force_login(bought.writer)
        address = page(contract, "contract-vary")
        shown = client.get(address)
        assert "<details" in shown.content.decode()
        sent = typed(shown.context["form"]) | day("holds_from", MARCH) | {"reason": "So."}

        assert "Nothing is changed." in client.post(address, sent).content.decode()
        refused = client.post(address, sent | {f"share_{bought.partner.pk}": "39.9"})
        words = refused.content.decode()
        assert "The shares come to 99.9 %." in words
        assert re.search(r"<details[^>]* open[^>]*>\s*<summary[^>]*><span[^>]*>Shares<", words)

    def test_shares_schedule_and_interventions_are_proposed_compared_and_put_into_force(
        self, client
    ):
        bought = Bought(share=60)
        contract = bought.awarded(targets={"RET-NEW": D("0.70")})
        more = InterventionType.objects.exclude(pk=bought.kind.pk).first()
        client.force_login(bought.writer)
        address = page(contract, "contract-vary")
        sent = typed(client.get(address).context["form"]) | day("holds_from", MARCH)
        sent |= {
            "reason": "We send more people.",
            "target_ret_new": "75",
            "interventions": [bought.kind.pk, more.pk],
            f"share_{bought.lead.pk}": "70",
            f"share_{bought.partner.pk}": "30",
        }

        made = client.post(address, sent)

        assert made.url == page(contract, "contract-variation", 1)
        words = assert_counted(client, "contract-variation of lists", made.url).content.decode()
        for said in ("60 %", f"{bought.partner}: 30 %", "new journeys: 75%", more.name):
            assert said in words
        assert "Whose that is" in words
        client.force_login(bought.manager)
        client.post(made.url, {"deed": "agree"})
        client.force_login(bought.partner_awarder)
        asked = client.get(page(contract, "contract-deed", "agree-part")).content.decode()
        assert "£28,580" in asked  # 40 % of £66,800 to February, 30 % of £6,200 in March
        client.post(page(contract, "contract-deed", "agree-part"))
        client.force_login(bought.awarder)
        client.post(made.url, {"deed": "force"})
        versions = client.get(page(contract, "contract-versions")).content.decode()
        assert "What changed from version 1 to version 2" in versions
        assert f"{bought.lead}: 70 %" in versions
        client.force_login(bought.manager)
        assert "Whose that is" not in client.get(made.url).content.decode()

    def test_a_provider_is_not_asked_for_shares(self, client):
        bought = Bought(share=60)
        contract = bought.awarded()
        client.force_login(bought.manager)

        form = client.get(page(contract, "contract-vary")).context["form"]

        assert "interventions" in form.fields
        assert not [name for name in form.fields if name.startswith("share_")]

    def test_who_is_asked_to_join_finds_it_on_its_home_and_agrees(self, client):
        bought = Bought()
        contract = bought.awarded()
        third = PartnershipFactory()
        approver = UserFactory(lead_of=third)
        one = vary(
            bought, contract, holds_from=MARCH, shares=[(bought.lead.pk, D(60)), (third.pk, D(40))]
        )
        client.force_login(approver)

        assert f"/contracts/{contract.reference}/" in client.get("/").content.decode()
        record = client.get(page(contract, "contract-detail")).content.decode()
        assert "Agree to our part" in record
        deed = page(contract, "contract-deed", "agree-part")
        assert f"{third} (40 % to be)" in client.get(deed).content.decode()
        client.post(deed)

        assert one.contract.agreements.get().partnership == third


class TestShares:
    """£73,000 for the year, 60 to 40: £43,800 and £29,200. £36,600 of it are of the 183 days
    before October, £36,400 of the 182 after."""

    @pytest.fixture
    def bought(self):
        return Bought(share=60)

    @pytest.fixture
    def contract(self, bought):
        return bought.awarded()

    def joiner(self, bought, money=100_000):
        bought.third = PartnershipFactory()
        bought.third_awarder = UserFactory(lead_of=bought.third)
        bought.third_writer = UserFactory(commissioner_of=bought.third)
        bought.third_plan = plan_of(bought.third)
        bought.third_part = allocated(line_of(bought.third_plan, "Rehabilitation"), money)
        return bought.third

    def test_from_its_day_each_pays_by_the_new_ones(self, bought, contract):
        one = vary(bought, contract, shares=[(bought.lead.pk, D(75)), (bought.partner.pk, D(25))])
        agree_part(contract=contract, partnership=bought.partner, by=bought.partner_awarder)

        held = put_into_force(variation=one, by=bought.awarder, on=DAY)

        lead = D(36_600) * 60 / 100 + D(36_400) * 75 / 100
        assert committed(bought.part, bought.partner_part) == [lead, D(73_000) - lead]
        assert dict(held.shares.values_list("partnership", "share")) == {
            bought.lead.pk: D(75),
            bought.partner.pk: D(25),
        }
        first, second = (row.content["shares"] for row in held.versions.order_by("number"))
        assert first == {str(bought.lead.pk): "60.000", str(bought.partner.pk): "40.000"}
        assert second == {str(bought.lead.pk): "75.000", str(bought.partner.pk): "25.000"}

    def test_every_other_partnership_is_told_and_agrees_first(self, bought, contract):
        third = self.joiner(bought)
        shares = [(bought.lead.pk, D(60)), (bought.partner.pk, D(10)), (third.pk, D(30))]
        one = vary(bought, contract, shares=shares)

        said = "Your partnership's yes to its part is asked for."
        for person in (bought.partner_awarder, bought.third_awarder):
            assert Notice.objects.filter(person=person, sentence__endswith=said).count() == 1
        agree_part(contract=contract, partnership=bought.partner, by=bought.partner_awarder)
        with pytest.raises(ContractRefused, match=f"{third} has not agreed to its part yet"):
            put_into_force(variation=one, by=bought.awarder, on=DAY)
        agree_part(contract=contract, partnership=third, by=bought.third_awarder)
        put_into_force(variation=one, by=bought.awarder, on=DAY)

    def test_who_joins_pays_from_its_day_in_the_same_transaction(self, bought, contract):
        third = self.joiner(bought)
        shares = [(bought.lead.pk, D(60)), (bought.partner.pk, D(10)), (third.pk, D(30))]
        one = vary(bought, contract, shares=shares)
        for who, by in ((bought.partner, bought.partner_awarder), (third, bought.third_awarder)):
            agree_part(contract=contract, partnership=who, by=by)

        put_into_force(variation=one, by=bought.awarder, on=DAY)

        assert committed(bought.part, bought.partner_part, bought.third_part) == [
            D(43_800),
            D(36_600) * 40 / 100 + D(3_640),
            D(36_400) * 30 / 100,
        ]
        causes = set(Entry.objects.filter(allocation=bought.third_part).values_list("cause"))
        assert (f"contract:{contract.reference}:v2",) in causes
        assert years_to_commit([contract]) == []

    def test_it_chooses_the_lines_that_pay(self, bought, contract):
        third = self.joiner(bought)
        other = allocated(line_of(bought.third_plan, "Aftercare"), 30_000)
        shares = [(bought.lead.pk, D(60)), (bought.partner.pk, D(10)), (third.pk, D(30))]
        one = vary(bought, contract, shares=shares)
        choose_lines(
            variation=one,
            plan=bought.third_plan,
            amounts={other.pk: D(10_920)},
            by=bought.third_writer,
        )
        for who, by in ((bought.partner, bought.partner_awarder), (third, bought.third_awarder)):
            agree_part(contract=contract, partnership=who, by=by)

        put_into_force(variation=one, by=bought.awarder, on=DAY)

        assert committed(bought.third_part, other) == [D(0), D(10_920)]

    def test_without_enough_on_its_lines_nothing_changes(self, bought, contract):
        third = self.joiner(bought, money=10_919)
        shares = [(bought.lead.pk, D(60)), (bought.partner.pk, D(10)), (third.pk, D(30))]
        one = vary(bought, contract, shares=shares)
        for who, by in ((bought.partner, bought.partner_awarder), (third, bought.third_awarder)):
            agree_part(contract=contract, partnership=who, by=by)

        with pytest.raises((ContractRefused, BeyondTheLine)):
            put_into_force(variation=one, by=bought.awarder, on=DAY)

        assert committed(bought.part, bought.partner_part) == [D(43_800), D(29_200)]
        assert not contract.shares.filter(partnership=third).exists()

    def test_who_leaves_pays_for_what_was_before_and_buys_nothing_after(self, bought, contract):
        one = vary(bought, contract, shares=[(bought.lead.pk, D(100))])
        agree_part(contract=contract, partnership=bought.partner, by=bought.partner_awarder)

        put_into_force(variation=one, by=bought.awarder, on=DAY)

        left = D(36_600) * 40 / 100
        assert committed(bought.part, bought.partner_part) == [D(73_000) - left, left]
        before = (AUTUMN - dt.timedelta(7), AUTUMN)
        assert block_places(bought.partner, nights=before).count() == 2
        assert not block_places(bought.partner, nights=(before[0], AUTUMN + dt.timedelta(1)))
        assert block_places(bought.lead, nights=(AUTUMN, AUTUMN + dt.timedelta(1))).count() == 2
        assert contract.sold_places.count() == 2
        assert record_of(bought.partner_awarder, contract.reference) is not None

    def test_who_left_is_asked_again_only_where_it_would_pay_otherwise(self, bought, contract):
        one = vary(bought, contract, shares=[(bought.lead.pk, D(100))])
        agree_part(contract=contract, partnership=bought.partner, by=bought.partner_awarder)
        put_into_force(variation=one, by=bought.awarder, on=DAY)

        later = vary(bought, contract, holds_from=dt.date(2007, 1, 1), places=1)
        put_into_force(variation=later, by=bought.awarder, on=DAY)
        before = vary(bought, contract, holds_from=dt.date(2006, 9, 1), price=D(650))

        with pytest.raises(ContractRefused, match=f"{bought.partner} has not agreed to its part"):
            put_into_force(variation=before, by=bought.awarder, on=DAY)
        told = Notice.objects.filter(person=bought.partner_awarder, cause__endswith=":part")
        assert told.count() == 2  # of the first and of the last

    def test_nobody_agrees_before_something_is_proposed(self, bought, contract):
        with pytest.raises(ContractRefused, match="No variation is in hand"):
            agree_part(contract=contract, partnership=bought.partner, by=bought.partner_awarder)

    def test_who_left_can_join_again(self, bought, contract):
        one = vary(bought, contract, shares=[(bought.lead.pk, D(100))])
        agree_part(contract=contract, partnership=bought.partner, by=bought.partner_awarder)
        put_into_force(variation=one, by=bought.awarder, on=DAY)
        winter = dt.date(2007, 1, 1)
        back = vary(
            bought,
            contract,
            holds_from=winter,
            shares=[(bought.lead.pk, D(60)), (bought.partner.pk, D(40))],
        )
        agree_part(contract=contract, partnership=bought.partner, by=bought.partner_awarder)
        put_into_force(variation=back, by=bought.awarder, on=DAY)

        row = contract.shares.get(partnership=bought.partner)
        assert (row.share, row.joined_on, row.left_on) == (D(40), winter, None)
        assert committed(bought.partner_part) == [
            D(36_600) * 40 / 100 + 90 * D(200) * 40 / 100  # to September, and from January
        ]

    def test_who_is_asked_to_join_sees_the_contract_until_it_is_refused(self, bought, contract):
        third = self.joiner(bought)
        assert record_of(bought.third_awarder, contract.reference) is None
        one = propose_variation(
            contract=contract,
            changes={"shares": [(bought.lead.pk, D(60)), (third.pk, D(40))]},
            holds_from=AUTUMN,
            reason="They buy with us.",
            by=bought.writer,
            on=DAY,
        )
        assert record_of(bought.third_awarder, contract.reference) == contract

        refuse_variation(variation=one, reason="No.", by=bought.manager, on=DAY)

        assert record_of(bought.third_awarder, contract.reference) is None

    def test_another_person_than_one_with_so_high_a_limit_does_not_put_it_into_force(
        self, bought, contract
    ):
        one = vary(bought, contract, shares=[(bought.lead.pk, D(75)), (bought.partner.pk, D(25))])
        agree_part(contract=contract, partnership=bought.partner, by=bought.partner_awarder)
        approver = UserFactory(finance_approver_of=bought.lead)
        approver.memberships.update(approval_limit=5_459)

        with pytest.raises(ContractRefused, match="£5,460 for all its partnerships together"):
            put_into_force(variation=one, by=approver, on=DAY)

    @pytest.mark.parametrize(
        ("shares", "sentence"),
        [
            ([("lead", "60"), ("partner", "39.9")], "The shares come to 99.9 %"),
            ([("partner", "100")], "leads the contract and must have a share"),
            ([("lead", "60"), ("partner", "20"), ("partner", "20")], "Name each partnership once"),
            ([("lead", "60"), ("partner", "40")], "Nothing is changed"),
        ],
    )
    def test_shares_that_cannot_be_are_refused_in_a_sentence(
        self, bought, contract, shares, sentence
    ):
        given = [(getattr(bought, who).pk, D(share)) for who, share in shares]

        with pytest.raises(ContractRefused, match=sentence):
            vary(bought, contract, shares=given)

    def test_they_are_the_commissioners_own(self, bought, contract):
        with pytest.raises(ContractRefused, match="they propose them"):
            vary(bought, contract, by=bought.manager, shares=[(bought.lead.pk, D(100))])

        assert Contract.objects.get().state == ContractState.LIVE
