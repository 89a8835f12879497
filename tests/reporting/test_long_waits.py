"""Waits of six weeks or longer: found, kept up to date, reviewed and told of."""

import dataclasses
import datetime as dt
import random
import threading

import pytest
from django.db import connection, connections, transaction

from commissioning.kernel.errors import NotPermitted, TransitionRefused
from commissioning.models import AuditEvent, Job, Notice
from commissioning.rule_settings import DEFAULTS
from commissioning.scoping import System
from commissioning.services.jobs import announce, run_outstanding
from pathways.models import Episode, Modality
from reporting.models import LongWait
from reporting.selectors.long_waits import deeds_on, waiting_for, watched_by
from reporting.services.long_wait_notices import refresh_long_waits, tell_of_long_waits
from reporting.services.long_wait_reviews import (
    ChangedSinceOpened,
    ReviewRefused,
    close_long_wait,
    review_long_wait,
)
from reporting.services.long_waits import find_long_waits
from reporting.services.refresh import ask_for_refresh
from tests.factories.commissioning import (
    FactFactory,
    MembershipFactory,
    NationFactory,
    PartnershipFactory,
    RegionFactory,
    UserFactory,
)
from tests.factories.providers import AgencyFactory
from tests.factories.reporting import ASKED_ON as ASKED
from tests.factories.reporting import (
    CUT_OFF,
    DAY,
    TODAY,
    loaded_return,
    long_wait,
    modality,
    rules,
)

pytestmark = pytest.mark.django_db


def find(**words):
    return find_long_waits(**{"rule_set": rules(), "on": TODAY} | words)


def review(wait, by, **words):
    said = {"owner": None, "cause": "", "action": "", "version": wait.version} | words
    return review_long_wait(wait=wait, by=by, **said)


def close(wait, by, **words):
    said = {"cause": "CAPACITY", "action": "", "outcome": "Seen.", "version": wait.version}
    return close_long_wait(wait=wait, by=by, on=TODAY, **said | words)


@pytest.fixture
def reviewer(agency):
    return UserFactory(commissioner_of=agency.partnership)


class TestFindLongWaits:
    @pytest.mark.parametrize(("days", "found"), [(41, 0), (42, 1), (43, 1)])
    def test_six_weeks_to_the_offer_is_long(self, agency, days, found):
        modality(agency, first_offered_on=ASKED + days * DAY)

        find()

        assert LongWait.objects.filter(days=days, is_open=False).count() == found

    @pytest.mark.parametrize(("ended", "found"), [(30, 0), (31, 1)])
    def test_a_wait_over_before_april_2006_is_not_listed(self, agency, ended, found):
        first = dt.date(2006, 3, 1) + ended * DAY
        modality(agency, referred_on=first - 60 * DAY, first_offered_on=first)

        find()

        assert LongWait.objects.count() == found

    def test_an_open_wait_runs_to_the_last_day_known_of_its_agency(self, agency):
        loaded_return(agency, cut_off=CUT_OFF - 5 * DAY)
        loaded_return(agency, cut_off=CUT_OFF)
        modality(agency)

        find()

        held = LongWait.objects.get()
        assert (held.is_open, held.days) == (True, (CUT_OFF - ASKED).days)

    @pytest.mark.parametrize("ending", ["ended_on", "discharged_on"])
    def test_a_wait_that_ends_without_an_offer_runs_to_its_end(self, agency, ending):
        modality(agency, **{ending: ASKED + 50 * DAY})

        find()

        held = LongWait.objects.get()
        assert (held.is_open, held.days, held.offered_on) == (False, 50, None)

    def test_an_offer_may_lie_in_the_future(self, agency):
        modality(agency, first_offered_on=TODAY + 30 * DAY)

        find()

        assert LongWait.objects.get().days == (TODAY + 30 * DAY - ASKED).days

    @pytest.mark.parametrize(
        "unlike",
        [
            {"kind": 8},
            {"age_at_triage": 17},
            {"main_drug": "7000"},
            {"is_current": False},
            {"started_on": ASKED + 60 * DAY},
            {"referred_on": None, "first_offered_on": ASKED + 60 * DAY},
        ],
        ids=str,
    )
    def test_leaves_out_what_is_no_wait_for_structured_drug_treatment(self, agency, unlike):
        modality(agency, **unlike)

        find()

        assert not LongWait.objects.exists()

    def test_leaves_out_prisons(self):
        modality(AgencyFactory(is_prison=True))

        find()

        assert not LongWait.objects.exists()

    def test_finding_again_changes_nothing(self, wait):
        found = find()

        assert (dict(found.new), found.changed, found.withdrawn) == ({}, 0, 0)

    def test_a_longer_wait_keeps_its_review_and_the_day_it_was_found(self, wait, reviewer):
        review(wait, reviewer, owner=reviewer, cause="CAPACITY", action="A second clinic.")
        loaded_return(wait.agency, cut_off=TODAY + 10 * DAY)

        found = find(on=TODAY + 10 * DAY)

        wait.refresh_from_db()
        assert (found.changed, dict(found.new)) == (1, {})
        assert wait.days == (TODAY + 10 * DAY - ASKED).days
        assert (wait.found_on, wait.owner, wait.action) == (TODAY, reviewer, "A second clinic.")

    def test_counts_what_is_new_by_partnership(self, agency):
        other = PartnershipFactory()
        for place in (agency.partnership, agency.partnership, other, None):
            modality(agency, place)

        assert find().new == {agency.partnership.pk: 2, other.pk: 1}

    def test_looks_at_the_agencies_it_is_asked_about_alone(self, agency):
        modality(agency)
        gone = long_wait(AgencyFactory())
        Episode.objects.filter(agency=gone.agency).update(is_current=False)

        find(agency_ids=[agency.pk])

        gone.refresh_from_db()
        assert LongWait.objects.filter(agency=agency).count() == 1
        assert gone.withdrawn_on is None

    def test_a_wait_the_records_no_longer_show_is_withdrawn_and_may_come_back(
        self, wait, reviewer
    ):
        review(wait, reviewer, cause="CAPACITY", action="A second clinic.")
        Modality.objects.update(first_offered_on=ASKED + 10 * DAY)

        gone = find(on=TODAY + DAY)

        wait.refresh_from_db()
        assert (gone.withdrawn, wait.withdrawn_on) == (1, TODAY + DAY)
        with pytest.raises(ReviewRefused, match="no longer show"):
            review(wait, reviewer)

        Modality.objects.update(first_offered_on=ASKED + 70 * DAY)

        back = find(on=TODAY + 2 * DAY)

        wait.refresh_from_db()
        assert back.new == {wait.partnership_id: 1}
        assert (wait.withdrawn_on, wait.days, wait.action) == (None, 70, "A second clinic.")
        assert [deed.action for deed in deeds_on(wait)] == [
            "long_wait.returned",
            "long_wait.withdrawn",
            "long_wait.reviewed",
        ]

    def test_a_closed_wait_that_comes_back_stays_closed_and_is_not_new(self, wait, reviewer):
        close(wait, reviewer)
        Modality.objects.update(first_offered_on=ASKED + 10 * DAY)
        find()
        Modality.objects.update(first_offered_on=ASKED + 70 * DAY)

        assert dict(find().new) == {}
        assert LongWait.objects.get().state == "CLOSED"

    def test_another_partnership_begins_afresh_and_reads_nothing_of_the_first(
        self, wait, reviewer
    ):
        first = wait.partnership
        close(review(wait, reviewer, owner=reviewer, action="Theirs."), reviewer)
        other = PartnershipFactory()
        Episode.objects.update(partnership=other)

        found = find(on=TODAY + DAY)

        wait.refresh_from_db()
        assert found.new == {other.pk: 1}
        assert (wait.partnership, wait.state, wait.found_on) == (other, "FOUND", TODAY + DAY)
        assert (wait.owner, wait.cause, wait.action, wait.outcome) == (None, "", "", "")
        assert (wait.closed_by, wait.closed_on) == (None, None)
        assert deeds_on(wait) == []
        moved = AuditEvent.objects.get(action="long_wait.moved")
        assert moved.organisation == first.organisation
        assert moved.details["outcome"] == "Seen."

    def test_a_review_opened_before_a_move_cannot_be_saved_after_it(self, wait):
        other = PartnershipFactory()
        both = UserFactory(commissioner_of=wait.partnership, lead_of=other)
        Episode.objects.update(partnership=other)
        find()

        with pytest.raises(ChangedSinceOpened):
            review(wait, both, action="Written for the first partnership.")

    @pytest.mark.parametrize("seed", range(4))
    def test_agrees_with_the_slow_and_obvious_way(self, seed):
        draw = random.Random(seed)
        agencies = [AgencyFactory(is_prison=n == 3) for n in range(4)]
        for agency in agencies:
            loaded_return(agency, cut_off=CUT_OFF - draw.randint(0, 40) * DAY)
        places = [agencies[0].partnership, agencies[1].partnership, None]
        for _ in range(150):
            _random_modality(draw, draw.choice(agencies), draw.choice(places))
        find()
        _correct_some(draw, places)

        find(on=TODAY + 7 * DAY)

        shown = list(LongWait.objects.standing().values_list(*_SHOWN))
        assert sorted(shown, key=str) == sorted(_by_hand(TODAY + 7 * DAY), key=str)
        assert len(shown) > 5
        assert LongWait.objects.exclude(withdrawn_on=None).exists()


_SHOWN = (
    *("agency", "client_ref", "modality_ref", "partnership", "kind", "offered_on"),
    *("is_open", "days"),
)


def _maybe(draw, odds, first, last):
    return ASKED + draw.randint(first, last) * DAY if draw.random() < odds else None


def _random_modality(draw, agency, place):
    asked = ASKED + draw.randint(-60, 40) * DAY
    started = None if draw.random() < 0.7 else asked + draw.randint(0, 90) * DAY
    modality(
        agency,
        place,
        kind=draw.choice([1, 2, 2, 2, 4, 4, 6, 8, 12]),
        referred_on=draw.choice([asked, asked, asked, None]) if started is None else asked,
        triaged_on=asked,
        first_offered_on=_maybe(draw, 0.5, -70, 120),
        started_on=started,
        ended_on=draw.choice([None, (started or asked) + draw.randint(0, 80) * DAY]),
        discharged_on=draw.choice([None, None, asked + draw.randint(0, 120) * DAY]),
        age_at_triage=draw.choice([17, 18, 40, 40, 40, 40]),
        main_drug=draw.choice(["1011", "3200", "1011", "1011", "1011", "7000"]),
    )


def _correct_some(draw, places):
    for one in Modality.objects.select_related("episode"):
        if draw.random() < 0.3:
            one.first_offered_on = _maybe(draw, 0.5, -20, 120)
            one.save()
        if draw.random() < 0.2:
            Episode.objects.filter(pk=one.episode_id).update(
                is_current=draw.random() < 0.5,
            )
        if draw.random() < 0.1:
            place = draw.choice(places)
            Episode.objects.filter(pk=one.episode_id).update(
                partnership=place, residence="KNOWN" if place else "UNKNOWN"
            )


def _by_hand(today):
    """The list as the definition reads: one intervention after another."""
    for one in Modality.objects.select_related("episode__agency"):
        episode, agency = one.episode, one.episode.agency
        counted = (
            episode.is_current
            and not agency.is_prison
            and one.kind in {1, 2, 3, 4, 5, 6, 12}
            and episode.age_at_triage >= 18
            and episode.main_drug != "7000"
            and one.referred_on is not None
            and not (one.started_on and not one.first_offered_on)
        )
        if not counted:
            continue
        known = max(agency.returns.filter(state="LOADED").values_list("cut_off", flat=True))
        ends = [day for day in (one.ended_on, episode.discharged_on) if day]
        is_open = not one.first_offered_on and not ends
        until = one.first_offered_on or min(ends, default=None) or min(known, today)
        days = (until - one.referred_on).days
        if days >= 42:
            yield (
                agency.pk,
                episode.client_ref,
                one.ref,
                episode.partnership_id,
                one.kind,
                one.first_offered_on,
                is_open,
                days,
            )


class TestReviewLongWait:
    def test_keeps_owner_cause_and_action_and_records_who_said_so(self, wait, reviewer):
        saved = review(
            wait, reviewer, owner=reviewer, cause="CAPACITY", action="  A second clinic. "
        )

        assert (saved.state, saved.owner, saved.version) == ("REVIEWING", reviewer, 2)
        assert saved.action == "A second clinic."
        deed = AuditEvent.objects.get(action="long_wait.reviewed")
        assert (deed.person, deed.organisation) == (reviewer, wait.partnership.organisation)
        assert deed.details["cause"] == "No place or appointment free"

    @pytest.mark.parametrize("role", ["analyst_of", "finance_approver_of"])
    def test_only_who_reviews_in_the_partnership_may(self, wait, role):
        for person in (
            UserFactory(**{role: wait.partnership}),
            UserFactory(commissioner_of=PartnershipFactory()),
            UserFactory(provider_manager_of=wait.agency.provider),
        ):
            with pytest.raises(NotPermitted):
                review(wait, person, action="Not mine to say.")

        wait.refresh_from_db()
        assert (wait.state, wait.action, wait.version) == ("FOUND", "", 1)

    def test_nobody_reviews_a_wait_whose_partnership_is_not_known(self, agency, reviewer):
        with pytest.raises(NotPermitted):
            review(long_wait(agency, None), reviewer)

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ({"cause": "WEATHER"}, "from the list"),
            ({"cause": "OTHER", "action": "  "}, "Say in the action"),
        ],
    )
    def test_refuses_a_cause_that_says_nothing(self, wait, reviewer, words, sentence):
        with pytest.raises(ReviewRefused, match=sentence):
            review(wait, reviewer, **words)

        wait.refresh_from_db()
        assert (wait.state, wait.cause, wait.version) == ("FOUND", "", 1)
        assert not AuditEvent.objects.filter(action="long_wait.reviewed").exists()

    def test_the_owner_is_one_who_reviews_its_partnership(self, wait, reviewer):
        stranger = UserFactory(commissioner_of=PartnershipFactory())

        with pytest.raises(ReviewRefused, match="does not review waits of"):
            review(wait, reviewer, owner=stranger)

    def test_an_owner_who_left_does_not_stop_the_others(self, wait, reviewer):
        leaver = UserFactory(lead_of=wait.partnership)
        wait = review(wait, reviewer, owner=leaver)
        leaver.memberships.update(until_on=TODAY)

        assert review(wait, reviewer, owner=leaver, action="More.").owner == leaver

    def test_what_another_saved_since_is_not_overwritten(self, wait, reviewer):
        review(wait, reviewer, action="Theirs.")

        with pytest.raises(ChangedSinceOpened):
            review(wait, UserFactory(lead_of=wait.partnership), action="Mine.")

        wait.refresh_from_db()
        assert wait.action == "Theirs."


class TestCloseLongWait:
    def test_closes_with_cause_and_outcome_and_who_closed_it(self, wait, reviewer):
        closed = close(wait, reviewer, outcome=" Started on 5 February. ")

        assert (closed.state, closed.outcome) == ("CLOSED", "Started on 5 February.")
        assert (closed.owner, closed.closed_by, closed.closed_on) == (reviewer, reviewer, TODAY)

    @pytest.mark.parametrize("missing", [{"cause": ""}, {"outcome": "  "}])
    def test_needs_its_cause_and_its_outcome(self, wait, reviewer, missing):
        with pytest.raises(ReviewRefused, match="the cause and the outcome"):
            close(wait, reviewer, **missing)

        wait.refresh_from_db()
        assert (wait.state, wait.closed_by) == ("FOUND", None)

    def test_a_closed_wait_stays_as_it_was_closed(self, wait, reviewer):
        wait = close(wait, reviewer)

        with pytest.raises(TransitionRefused):
            review(wait, reviewer, action="Afterwards.")
        with pytest.raises(TransitionRefused):
            close(wait, reviewer, outcome="Again.")


@pytest.mark.django_db(transaction=True)
def test_of_two_people_saving_at_once_one_is_told_of_the_other():
    wait = long_wait()
    people = [UserFactory(commissioner_of=wait.partnership) for _ in range(2)]
    together, outcomes = threading.Barrier(2), []

    def save(person):
        try:
            together.wait(10)
            review(wait, person, owner=person, action=f"Said by {person}.")
            outcomes.append(person)
        except ChangedSinceOpened:
            outcomes.append(None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    wait.refresh_from_db()
    (saved,) = [one for one in outcomes if one]
    assert outcomes.count(None) == 1
    assert (wait.owner, wait.action, wait.version) == (saved, f"Said by {saved}.", 2)


@pytest.mark.django_db(transaction=True)
def test_a_review_saved_while_the_list_is_brought_up_to_date_is_kept():
    wait = long_wait()
    reviewer = UserFactory(commissioner_of=wait.partnership)
    loaded_return(wait.agency, cut_off=TODAY)
    looked, reviewed = threading.Event(), threading.Event()

    def refresh():
        try:
            with transaction.atomic():
                find()
                looked.set()
                # Whoever reviews now waits for the row until this commits.
                reviewed.wait(0.5)
        finally:
            connections.close_all()

    thread = threading.Thread(target=refresh)
    thread.start()
    assert looked.wait(10)
    review(wait, reviewer, action="A second clinic.")
    reviewed.set()
    thread.join()

    wait.refresh_from_db()
    assert (wait.action, wait.days) == ("A second clinic.", (TODAY - ASKED).days)


class TestTellOfLongWaits:
    @pytest.fixture
    def region(self):
        return RegionFactory(name="North East")

    @pytest.fixture
    def gateshead(self, region):
        made = PartnershipFactory(region=region)
        made.organisation.name = "Gateshead"
        made.organisation.save()
        return made

    def tell(self, new, cause="refresh 1", rules=DEFAULTS):
        return tell_of_long_waits(new=new, rules=rules, on=TODAY, cause=cause)

    def test_tells_who_reviews_the_partnership_and_its_region_once(self, gateshead, region):
        told = [
            UserFactory(commissioner_of=gateshead),
            UserFactory(care_manager_of=gateshead),
            UserFactory(reviewer_of=region),
        ]
        for other in (
            UserFactory(analyst_of=gateshead),
            UserFactory(reviewer_of=NationFactory()),
            UserFactory(reviewer_of=RegionFactory()),
            UserFactory(commissioner_of=PartnershipFactory()),
            UserFactory(commissioner_of=gateshead, is_active=False),
        ):
            assert other not in told

        self.tell({gateshead.pk: 5})
        self.tell({gateshead.pk: 5})

        notices = Notice.objects.order_by("person")
        assert [notice.person for notice in notices] == told
        assert {notice.sentence for notice in notices} == {
            "5 new waits of six weeks or longer in Gateshead: review them"
        }
        assert notices[0].link == (
            f"/partnership/{gateshead.organisation.code}/long-waits/"
            "?state=FOUND&found_since=2007-02-15"
        )

    def test_tells_a_region_of_its_partnerships_in_one_sentence(self, region, gateshead):
        reviewer = UserFactory(reviewer_of=region)
        others = [PartnershipFactory(region=region) for _ in range(3)]

        self.tell({gateshead.pk: 2, **{one.pk: 1 for one in others}})

        notice = Notice.objects.get(person=reviewer)
        assert notice.sentence == (
            "5 new waits of six weeks or longer in 4 partnerships: review them"
        )
        assert notice.link.startswith("/long-waits/?")

    def test_one_wait_is_one(self, gateshead):
        UserFactory(lead_of=gateshead)

        self.tell({gateshead.pk: 1})

        assert "1 new wait of six weeks or longer in Gateshead: review it" in str(
            Notice.objects.get()
        )

    def test_says_how_long_is_long_by_the_rules(self, gateshead):
        UserFactory(lead_of=gateshead)

        self.tell({gateshead.pk: 1}, rules=dataclasses.replace(DEFAULTS, long_wait_days=28))

        assert "wait of four weeks or longer" in Notice.objects.get().sentence

    def test_a_role_that_ended_is_not_told(self, gateshead):
        MembershipFactory(role="LEAD", organisation=gateshead.organisation, until_on=TODAY)

        assert self.tell({gateshead.pk: 1}) == 0

    def test_a_partnership_that_changed_its_region_is_told_to_the_new_one(self, gateshead):
        fact = gateshead.organisation.facts.get()
        fact.until_on = TODAY
        fact.save()
        new_region = RegionFactory()
        FactFactory(
            organisation=gateshead.organisation, kind="IN_REGION", other=new_region, from_on=TODAY
        )
        reviewer = UserFactory(reviewer_of=new_region)
        UserFactory(reviewer_of=fact.other)

        self.tell({gateshead.pk: 1})

        assert Notice.objects.get().person == reviewer

    def test_a_refresh_finds_and_tells(self, gateshead):
        UserFactory(commissioner_of=gateshead)
        modality(AgencyFactory(partnership=gateshead))
        rules()

        found = refresh_long_waits(on=TODAY, cause="refresh 1")

        assert found.new == {gateshead.pk: 1}
        assert Notice.objects.count() == 1


class TestWaitingFor:
    def test_counts_what_waits_for_a_reviewer_in_one_query(
        self, agency, reviewer, django_assert_num_queries
    ):
        long_wait(agency, on=TODAY - 20 * DAY)
        review(long_wait(agency), reviewer, owner=reviewer)
        close(long_wait(agency, first_offered_on=ASKED + 45 * DAY), reviewer)
        long_wait(agency, first_offered_on=ASKED + 47 * DAY)
        long_wait(AgencyFactory())
        reviewer.held_memberships()

        with django_assert_num_queries(1):
            work = waiting_for(reviewer, on=TODAY)

        assert (work.to_review, work.reviewing, work.not_closed) == (2, 1, 3)
        assert (work.open_now, work.new, work.unowned, work.mine) == (2, 2, 2, 1)
        assert work.oldest_found_on == TODAY - 20 * DAY
        assert work.longest_days == (CUT_OFF - ASKED).days

    def test_asks_nothing_of_who_only_reads(self, wait):
        region = wait.partnership.organisation.facts.get().other
        reads = UserFactory(reviewer_of=region)

        assert waiting_for(reads, on=TODAY).not_closed == 0
        assert watched_by(reads, on=TODAY).not_closed == 1


def test_the_finding_uses_no_more_statements_with_more_rows(agency, django_assert_max_num_queries):
    for _ in range(10):
        modality(agency)
    rule_set = rules()

    with django_assert_max_num_queries(13), transaction.atomic():
        find_long_waits(rule_set=rule_set, on=TODAY)

    assert LongWait.objects.count() == 10
    assert connection.in_atomic_block


class TestAfterAReturn:
    @pytest.fixture
    def loaded(self, agency):
        """Announces that a return of the agency is loaded, as loading does."""
        return_ = loaded_return(agency)

        def announced(name="return.loaded"):
            announce(
                name,
                cause=f"upload:{return_.upload_id}:{name}",
                title="A return",
                by=System("a test"),
                returned_by=[agency.pk],
                agencies=[agency.pk],
                partnerships=[agency.partnership.pk],
            )
            run_outstanding("reporting")

        rules()
        return announced

    def test_its_long_waits_are_on_the_list_and_told_of(self, agency, reviewer, loaded):
        modality(agency)

        loaded()

        assert LongWait.objects.get().found_on == TODAY
        assert Notice.objects.get().person == reviewer
        assert set(Job.objects.values_list("state", flat=True)) == {"DONE"}

    def test_what_is_undone_is_withdrawn(self, agency, loaded):
        modality(agency)
        loaded()
        Episode.objects.update(is_current=False)

        loaded("return.undone")

        assert LongWait.objects.get().withdrawn_on == TODAY

    def test_all_are_looked_at_when_everything_is_measured(self, agency):
        modality(agency)
        rules()

        ask_for_refresh(cause="nightly:2007-02-15", by=System("a test"))
        run_outstanding("reporting")

        assert LongWait.objects.count() == 1
