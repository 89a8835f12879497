"""Each promise of the ground floor's tables, and a row that breaks it."""

import datetime as dt
import uuid

import pytest

from commissioning.models import (
    ApiKey,
    AuditEvent,
    Document,
    Event,
    FrameworkItem,
    Job,
    Membership,
    Notice,
    Organisation,
    OrganisationFact,
    RuleSet,
    Succession,
    Tier,
    User,
)
from tests.architecture.constraints import assert_broken, of_every_subject, promises_of
from tests.commissioning import breaking
from tests.factories.commissioning import (
    FactFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    RegionFactory,
    RuleSetFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY, LATER = dt.date(2006, 4, 1), dt.date(2006, 5, 1)


def organisation(**words):
    return Organisation.objects.create(**{"kind": "PCT", "code": "X1", "name": "X"} | words)


def fact(**words):
    given = {
        "organisation": PartnershipFactory(region=None).organisation,
        "kind": "IN_REGION",
        "other": None,
        "from_on": DAY,
    }
    return OrganisationFact.objects.create(**given | words)


def membership(**words):
    given = {
        "user": UserFactory(),
        "organisation": PartnershipFactory().organisation,
        "role": "ANALYST",
        "from_on": DAY,
    }
    return Membership.objects.create(**given | words)


def job(**words):
    event, _ = Event.objects.get_or_create(cause="a test", defaults={"name": "refresh.asked"})
    return Job.objects.create(**{"event": event, "task": "a.task", "title": "A job"} | words)


def audit(**words):
    given = {"action": "a.deed", "subject_type": "x", "subject_key": "1"}
    return AuditEvent.objects.create(**given | words)


def api_key(lasts):
    made_at = dt.datetime(2006, 4, 1, tzinfo=dt.UTC)
    return ApiKey.objects.create(
        person=UserFactory(), name="One", made_at=made_at, expires_at=made_at + lasts
    )


def tier(number):
    words = {"definition": "", "settings": "", "competence": "", "source": ""}
    return Tier.objects.create(number=number, name=f"Tier {number}", **words)


def two_items_in_one_place():
    words = {"tier": tier(1), "position": 1, "name": "", "text": "", "source": "", "mark": "R"}
    FrameworkItem.objects.create(code="1.1", **words)
    FrameworkItem.objects.create(code="1.2", **words)


def two_regions_at_once():
    lying = FactFactory(
        organisation=PartnershipFactory(region=None).organisation, other=RegionFactory()
    )
    fact(organisation=lying.organisation, other=RegionFactory())


def one_fact_twice():
    member = OrganisationFactory()
    stated = fact(kind="HAS_MEMBER", other=member)
    fact(organisation=stated.organisation, kind="HAS_MEMBER", other=member, from_on=LATER)


def one_succession_twice():
    words = {"kind": "MERGER", "on": DAY}
    words |= {"predecessor": OrganisationFactory(), "successor": OrganisationFactory()}
    for _ in range(2):
        Succession.objects.create(**words)


def one_role_twice():
    held = MembershipFactory()
    membership(user=held.user, organisation=held.organisation, role=held.role)


def told_twice_of_one_cause():
    person = UserFactory()
    for _ in range(2):
        Notice.objects.create(person=person, sentence="So.", link="/", cause="one")


def document_of(size):
    return Document.objects.create(
        organisation=OrganisationFactory(),
        name="a",
        file="a",
        content_type="text/plain",
        size=size,
        sha256="0" * 64,
        added_by=UserFactory(),
    )


def same_code_twice():
    organisation()
    organisation()


def same_task_twice():
    job()
    job()


def same_address_in_capitals():
    UserFactory(email="one@example.org")
    User.objects.create(email="ONE@example.org", name="Two")


BREAKING = {
    "api_key_lasts_a_year_at_most": lambda: api_key(dt.timedelta(days=366)),
    "deed_has_one_doer": lambda: audit(person=UserFactory(), system="both"),
    "trail_is_append_only": lambda: AuditEvent.objects.filter(pk=audit(system="a test").pk).update(
        action="another.deed"
    ),
    "document_holds_at_most_ten_megabytes": lambda: document_of(10 * 1024 * 1024 + 1),
    "tier_is_one_to_four": lambda: tier(5),
    "framework_item_has_a_place_of_its_own": two_items_in_one_place,
    "event_causes_a_task_once": same_task_twice,
    "job_state_is_known": lambda: job(state="LOST"),
    "running_job_is_leased": lambda: job(state="RUNNING", token=uuid.uuid4()),
    "job_does_no_more_than_all": lambda: job(done=2, total=1),
    "person_is_told_once_for_each_cause": told_twice_of_one_cause,
    "organisation_code_is_its_own_within_a_kind": same_code_twice,
    "organisation_kind_is_known": lambda: organisation(kind="CLUB"),
    "organisation_code_fits_an_address": lambda: organisation(code="a/b"),
    "organisation_closes_after_it_opens": lambda: organisation(opened_on=DAY, closed_on=DAY),
    "fact_kind_is_known": lambda: fact(kind="IS_NICE", other=OrganisationFactory()),
    "fact_names_another_organisation_when_it_is_about_one": fact,
    "fact_holds_a_day_or_more": lambda: fact(kind="DIP_INTENSIVE", until_on=DAY),
    "partnership_lies_in_one_region_at_a_time": two_regions_at_once,
    "fact_is_stated_once_at_a_time": one_fact_twice,
    "partnership_lies_in_england": lambda: PartnershipFactory(latitude=60, longitude=0),
    "succession_happens_once": one_succession_twice,
    "succession_is_to_another_or_a_new_name": lambda: Succession.objects.create(
        kind="RENAME",
        predecessor=OrganisationFactory(),
        successor=OrganisationFactory(),
        on=DAY,
        former_name="Old",
    ),
    "person_has_an_address_of_their_own": same_address_in_capitals,
    "membership_role_is_known": lambda: membership(role="KING"),
    "membership_ends_after_it_begins": lambda: membership(from_on=LATER, until_on=DAY),
    "membership_limit_is_a_finance_approvers": lambda: membership(approval_limit=5),
    "membership_is_held_once_at_a_time": one_role_twice,
    "rule_set_says_why": lambda: RuleSetFactory(reason=""),
    "rule_set_is_immutable": lambda: RuleSet.objects.filter(pk=RuleSetFactory().pk).delete(),
    **of_every_subject(breaking),
}


@pytest.mark.parametrize("name", BREAKING)
def test_the_database_refuses_what_breaks_it(name):
    assert_broken(name, BREAKING[name])


def test_every_promise_is_broken_here():
    assert set(BREAKING) == promises_of("commissioning")


@pytest.mark.parametrize("limit", ["NaN", "10000000000.00", "-1"])
def test_a_limit_is_money_and_never_nan(limit):
    with pytest.raises(Exception, match=r"limit|overflow|range|NaN"):
        membership(role="FINANCE_APPROVER", approval_limit=limit)
