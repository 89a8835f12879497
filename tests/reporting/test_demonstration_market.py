"""The demonstration's market: as large and as full as England's was, and bought from by plans."""

import datetime as dt
import random

import pytest
from django.db import transaction
from django.db.models import Count, F, Q, Sum

from aftercare.models import AftercareLink
from commissioning.demonstration import plans
from commissioning.kernel.clock import technical_now
from commissioning.models import Allocation, Partnership, Plan, User
from commissioning.services.reference import load_reference
from pathways.demonstration.england import england
from pathways.demonstration.geography import chosen_partnerships
from providers.choices import CallOffState, ContractKind, ContractState, OccupancyKind
from providers.demonstration.houses import BEDS, SERVICES
from providers.demonstration.registrar import BY
from providers.models import (
    ActivityReturn,
    Board,
    CallOff,
    Contract,
    ContractDocument,
    ContractPlace,
    Occupancy,
    Place,
    PlaceEvent,
    PreferredProvider,
    QualityRecord,
    Service,
    SharedCareScheme,
    SubContractor,
    Variation,
)
from providers.selectors.contracts.costs import cost_of
from providers.selectors.contracts.money import to_carry
from providers.selectors.utilisation.buyers import exposures
from providers.selectors.utilisation.occupancy import Scope
from providers.services.places.correcting import history_of
from reporting.demonstration.loading import HOME, WHOLE_REGION, found
from reporting.demonstration.market import Market
from reporting.demonstration.people import LEAD, REVIEWER, people, sign_in

TODAY = dt.date(2007, 2, 15)
CHOSEN = [HOME, "00CJ", "00EB", "00CK"]
COUNTED = (
    Service, Place, PlaceEvent, Occupancy, Board, Contract, CallOff, QualityRecord, ActivityReturn,
    AftercareLink, PreferredProvider, Variation,
)  # fmt: skip


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """A small region once for the module, and taken back after it."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        pytest.MonkeyPatch.context() as patch,
    ):
        load_reference(by=BY)
        register = england(chosen_partnerships(CHOSEN))
        found(register)
        sign_in(people(register, home=HOME, region=WHOLE_REGION), password="demo-password-1")
        market = Market(home=HOME, today=TODAY, tell=print)
        market.offer()
        few = list(Partnership.objects.by_name().filter(organisation__code__in=CHOSEN[:2]))
        patch.setattr(plans, "_partnerships", lambda *_: few)
        plans.load_plans(
            regions=[WHOLE_REGION],
            home=HOME,
            lead=User.objects.get(email=LEAD),
            reviewers={WHOLE_REGION: User.objects.get(email=REVIEWER)},
            today=TODAY,
            tell=print,
            providers={},
            award=market.contracts().award_on,
        )
        market.finish()
        yield market
        transaction.set_rollback(True)


@pytest.fixture
def market(loaded, django_db_blocker):
    with django_db_blocker.unblock():
        yield loaded


def beds():
    return Place.objects.filter(
        service__interventions__intervention="residential-rehabilitation", overbooked_for=""
    )


def occupancy(night):
    """Of the beds in service on a night, those that somebody is in."""
    on = Q(occupancies__nights__contains=night)
    counts = (
        beds()
        .open_on(night)
        .aggregate(
            open=Count("pk", distinct=True),
            taken=Count(
                "pk", filter=on & Q(occupancies__kind=OccupancyKind.OCCUPIED), distinct=True
            ),
            out=Count(
                "pk", filter=on & Q(occupancies__kind=OccupancyKind.OUT_OF_SERVICE), distinct=True
            ),
        )
    )
    return counts["taken"] / (counts["open"] - counts["out"])


def test_england_has_its_rehabilitation_services_and_beds(market):
    services = Service.objects.filter(interventions__intervention="residential-rehabilitation")
    assert services.count() == SERVICES
    assert beds().open_on(TODAY).count() == BEDS
    prices = services.values_list("interventions__weekly_price", flat=True)
    assert all(240 <= price <= 1_000 for price in prices)


@pytest.mark.parametrize("back", [0, 45, 120, 200, 319])
def test_beds_are_as_full_as_they_were(market, back):
    assert occupancy(TODAY - dt.timedelta(days=back)) == pytest.approx(0.835, abs=0.01)


def test_what_is_taken_is_what_the_history_says(market):
    for place in random.Random(1).sample(list(Place.objects.order_by("pk")), 150):
        history = history_of(place)
        rows = Occupancy.objects.filter(place=place)
        held = {row.began_id: (row.nights.lower, row.nights.upper) for row in rows}
        assert held == history.nights(today=TODAY)
        assert (place.opened_on, place.closed_on) == (history.opened_on, history.closed_on)
    assert PlaceEvent.objects.filter(corrects__isnull=False).exists()
    assert Place.objects.exclude(overbooked_for="").count() == 1


def test_a_provider_works_in_several_tiers_and_boards_differ_in_age(market):
    spans = Service.objects.values("provider").annotate(
        tiers=Count("interventions__tier", distinct=True)
    )
    assert max(one["tiers"] for one in spans) >= 3
    with_places = Service.objects.filter(places__isnull=False).distinct().count()
    assert 0 < Board.objects.count() < with_places
    assert SharedCareScheme.objects.filter(review_by__lt=TODAY).exists()


def test_contracts_of_every_kind_stand_in_every_state(market):
    kinds = set(Contract.objects.values_list("kind", flat=True))
    assert kinds >= {
        *(ContractKind.BLOCK, ContractKind.SPOT, ContractKind.FRAMEWORK, ContractKind.SLA),
        *(ContractKind.COST_AND_VOLUME, ContractKind.LES, ContractKind.NES),
        *(ContractKind.GMS, ContractKind.PMS),
    }
    states = set(Contract.objects.values_list("state", flat=True))
    assert states >= {
        *(ContractState.DRAFT, ContractState.OFFERED, ContractState.LIVE),
        *(ContractState.SUSPENDED, ContractState.ENDED),
    }
    assert Contract.objects.filter(waiver_by__isnull=False).exists()
    assert ContractPlace.objects.filter(contract__reference="ne-rehab-2006").count() == 8


def test_a_report_is_kept_behind_records_of_quality(market):
    kept = QualityRecord.objects.filter(document__isnull=False).select_related("document")
    assert len(kept) == 2
    for one in kept:
        with one.document.file.open() as file:
            assert one.outcome.encode() in file.read()


def test_the_money_of_contracts_in_force_stands_on_the_lines_of_their_plans(market):
    for contract in Contract.objects.in_force().with_names():
        assert all(not one.left for one in to_carry(contract, cost_of(contract))), contract
    for plan in Plan.objects.filter(year=2006):
        sums = Allocation.objects.filter(line__plan=plan).aggregate(
            **{name: Sum(name) for name in ("planned", "committed", "paid")}
        )
        assert sums["planned"] >= sums["committed"] + sums["paid"] > 0


def test_call_offs_stand_in_every_state(market):
    assert set(CallOff.objects.values_list("state", flat=True)) == set(CallOffState)
    ended = CallOff.objects.filter(state=CallOffState.ENDED).order_by("pk")[0]
    assert ended.money.values("stream").distinct().count() == 3


def test_the_drug_team_has_a_contract_to_answer_and_a_return_to_finish(market):
    provider = Contract.objects.get(reference="gh-prescribing").provider
    assert provider.contracts.filter(
        state=ContractState.OFFERED, accepted_at__isnull=True
    ).exists()
    assert ActivityReturn.objects.filter(service__provider=provider, state="DRAFT").count() == 1


def test_is_loaded_once(market):
    before = [model.objects.count() for model in COUNTED]
    assert all(before)
    market.offer()
    market.finish()
    assert before == [model.objects.count() for model in COUNTED]


def test_a_house_lives_on_what_is_bought_from_it_place_by_place(market):
    (members,) = {tuple(one.pk for one in market._members())}
    found = exposures(
        Scope(), [(dt.date(2006, 4, 1), TODAY)], today=TODAY, partnerships=members
    ).providers
    assert [one.from_spot for one in found if one.is_mostly_spot(50)] == [1.0]


def test_contracts_have_documents_of_both_sides_and_a_sub_contractor(market):
    documents = ContractDocument.objects.filter(contract__reference="gh-prescribing")
    assert documents.values("document__organisation").distinct().count() == 2
    assert SubContractor.objects.get().contract.reference == "gh-prescribing"


def test_contracts_were_accepted_and_awarded_in_business_time(market):
    awarded = Contract.objects.filter(awarded_on__isnull=False)
    assert awarded.exists()
    assert not awarded.filter(Q(accepted_on__gt=F("awarded_on")) | Q(awarded_on__gt=TODAY))
    assert awarded.earliest("awarded_on").awarded_on == dt.date(2006, 4, 1)


def test_a_later_start_finds_boards_fresh_but_for_those_that_were_stale_before(market):
    now = technical_now()
    long_ago = Q(stated_at__lt=now - dt.timedelta(hours=36))
    stale = set(Board.objects.filter(long_ago).values_list("pk", flat=True))
    assert 0 < len(stale) < Board.objects.count() / 3
    late = Board.objects.get(service__agency__code="A00CH3")
    assert late.pk in stale  # a provider of the home partnership's own
    Board.objects.update(stated_at=F("stated_at") - dt.timedelta(days=3))

    market.state_boards_again()

    again = set(Board.objects.filter(long_ago).values_list("pk", flat=True))
    assert stale <= again
    assert len(again) < Board.objects.count() / 3
    assert not Board.objects.exclude(pk__in=again).filter(stated_by__isnull=True).exists()
