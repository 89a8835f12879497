"""An administrator in the office, in a real browser: organisations, people, rules, jobs."""

import datetime as dt
import uuid

import pytest

from commissioning.models import Job, Organisation, RuleSet, User
from commissioning.services.api_keys import make_key
from commissioning.services.notices import tell
from tests.architecture.world import World
from tests.factories.commissioning import RuleSetFactory
from tests.stories.everybody import (
    assert_everybody_can_use,
    assert_everybody_can_use_at_every_width,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world():
    """An organisation with people, members and documents; jobs that wait, run and stopped."""
    made = World()
    assert all([made.colleague, made.provider, made.fact, made.document, made.rule_set])
    now = dt.datetime.now(dt.UTC)
    Job.objects.filter(pk=made.job.pk).update(
        state="RUNNING", token=uuid.uuid4(), leased_until=now, started_at=now, done=40, total=100
    )
    Job.objects.filter(pk=made.other_job.pk).update(
        state="FAILED", fault="ValueError: a row too many", finished_at=now
    )
    RuleSetFactory(code="RULES-NEXT", reason="Waits are counted anew.")
    return made


@pytest.fixture
def administrator(world):
    person = world.person("administrator")
    make_key(name="Case system", days=30, by=person)
    tell(people=[person], sentence="Return 9 waits for you.", link="/", cause="a test")
    return person


@pytest.fixture
def desk(sits_down, administrator):
    """A page at which the administrator is signed in; the console stays silent (`page`)."""
    return sits_down(administrator, "/")


def test_everybody_can_use_every_page_of_the_office(desk, world, live_server):
    place = f"/admin/organisations/partnership/{world.partnership.code}/"
    person = f"/admin/people/{world.colleague.code}/"

    for address in (
        "/admin/",
        "/admin/organisations/",
        place,
        "/admin/organisations/add/",
        f"{place}rename/",
        "/admin/people/",
        "/admin/people/invite/",
        person,
        f"{person}end/",
        "/admin/rule-sets/",
        "/admin/rule-sets/RULES-NEXT/",
        "/admin/rule-sets/publish/",
        "/jobs/",
        f"/jobs/{world.job.pk}/",
        f"/jobs/{world.other_job.pk}/",
        "/framework/",
        "/inbox/",
        "/account/",
        "/account/keys/",
    ):
        assert desk.goto(f"{live_server.url}{address}").status == 200, address
        assert_everybody_can_use_at_every_width(desk)


def test_an_organisation_is_added_and_renamed_and_a_person_invited_and_ended(desk, live_server):
    desk.goto(f"{live_server.url}/admin/organisations/")
    desk.get_by_role("button", name="Add an organisation").click()
    desk.get_by_role("button", name="Add").click()
    desk.get_by_role("alert").get_by_role("link", name="Choose the kind").wait_for()
    assert_everybody_can_use(desk)
    desk.get_by_label("Kind", exact=True).select_option("Partnership")
    desk.get_by_label("Code", exact=True).fill("00ZZ")
    desk.get_by_label("Name", exact=True).fill("North Vale")
    desk.get_by_role("button", name="Add").click()

    desk.get_by_role("link", name="Rename").click()
    desk.get_by_label("New name").fill("Vale of North")
    desk.get_by_role("button", name="Rename").click()
    desk.get_by_role("heading", name="Vale of North", level=1).wait_for()
    assert Organisation.objects.get(code="00ZZ").name == "Vale of North"

    desk.goto(f"{live_server.url}/admin/people/")
    desk.get_by_role("button", name="Invite a person").click()
    desk.get_by_role("button", name="Send the invitation").click()
    desk.get_by_role("alert").first.wait_for()
    assert_everybody_can_use(desk)
    desk.get_by_label("E-mail address").fill("jo@example.org")
    desk.get_by_label("Name", exact=True).fill("Jo Field")
    desk.get_by_label("Organisation").select_option(label="Vale of North (partnership 00ZZ)")
    desk.get_by_label("Role").select_option("Partnership lead")
    desk.get_by_role("button", name="Send the invitation").click()

    desk.get_by_role("button", name="End access").click()
    desk.get_by_label("Reason").fill("Left for another post.")
    desk.get_by_role("button", name="End access").click()
    desk.get_by_role("button", name="Bring back access").wait_for()
    assert_everybody_can_use(desk)
    assert not User.objects.get(email="jo@example.org").is_active


def test_a_rule_set_is_refused_at_its_field_and_then_published(desk, live_server):
    desk.goto(f"{live_server.url}/admin/rule-sets/publish/")
    desk.get_by_label("Episodes join within").fill("soon")
    desk.get_by_role("button", name="Publish the rule set").click()
    desk.get_by_role("alert").first.wait_for()
    assert_everybody_can_use(desk)

    desk.get_by_label("Why the rules change").fill("Journeys join within two weeks.")
    desk.get_by_label("Episodes join within").fill("14")
    desk.get_by_role("button", name="Publish the rule set").click()

    desk.get_by_text("Why the rules change").wait_for(state="detached")
    desk.get_by_text("Journeys join within two weeks.").first.wait_for()
    assert RuleSet.objects.latest("pk").read().journey_join_days == 14
