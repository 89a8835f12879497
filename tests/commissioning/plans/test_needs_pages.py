"""The pages of a needs assessment, as people meet them."""

import datetime as dt

import pytest

from commissioning.models import NeedsArea, NeedsAssessment, Priority
from commissioning.rules.needs import CapacityInput, FoundGap, RingFigure
from commissioning.scoping import System
from commissioning.services.plans.needs import finish_assessment
from commissioning.services.plans.needs_parts import save_capacity, save_gaps, save_rings
from commissioning.services.reference import load_reference
from tests.factories.commissioning import PartnershipFactory, RegionFactory, UserFactory
from tests.factories.needs import DAY, YEAR, assessment_of, england, fact, plan_of
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
SYSTEM = System("a test")


@pytest.fixture
def home():
    load_reference(by=SYSTEM)
    return PartnershipFactory(organisation__code="H-01", region=RegionFactory())


@pytest.fixture
def plan(home):
    return plan_of(home)


@pytest.fixture
def desk(client, home):
    """The browser of a commissioner of the partnership."""
    client.force_login(UserFactory(commissioner_of=home))
    return client


def at(plan, rest=""):
    return f"/partnership/{plan.partnership.code}/plan/{plan.slug}/needs/{rest}"


def words(answer):
    return " ".join(answer.content.decode().split())


def full(home, *others):
    """An assessment with something in every part."""
    made = assessment_of(home, *others, name="Both" if others else "", summary="Much is needed.")
    fact(home, "in-treatment", "2006-03", 890)
    fact(home, "left-treatment", "FY2005", 240)
    rings = [
        RingFigure(partnership=area.pk, ring=ring, value=value, source="A study")
        for area in (home, *others)
        for ring, value in (("ESTIMATE", 1943), ("KNOWN", 310))
    ]
    save_rings(assessment=made, rings=rings, by=SYSTEM)
    save_gaps(
        assessment=made,
        gaps=[FoundGap(text="Nothing opens in the evening", item="T2-03")],
        by=SYSTEM,
    )
    save_capacity(
        assessment=made,
        capacity=[
            CapacityInput(
                intervention="specialist-prescribing",
                need=420,
                penetration=60,
                weeks=12,
                occupancy=85,
            )
        ],
        by=SYSTEM,
    )
    return made


def typed(desk, address, **more):
    """What the form holds, as a browser would send it, but for what is typed."""
    form = desk.get(address).context["form"]
    held = {field.html_name: field.value() for field in form}
    return {name: "" if value is None else value for name, value in (held | more).items()}


class TestPage:
    def test_without_an_assessment_it_says_how_to_start_one(self, desk, plan):
        answer = desk.get(at(plan))

        assert "There is no needs assessment for this year" in words(answer)
        assert f'href="{at(plan, "start/")}"' in words(answer)

    def test_every_part_is_there_with_its_arithmetic_and_comparators(self, desk, plan, home):
        england()
        full(home)
        plan.lines.create(
            number=1,
            position=1,
            name="Clinic",
            intervention_id="specialist-prescribing",
            planned_starts=200,
            places=72,
        )

        said = words(desk.get(at(plan)))

        assert "46% of those estimated are in treatment" in said
        assert "420 people × 60% = 252 starts" in said
        assert "252 × 12 weeks ÷ 52 ÷ 85% = 69 places" in said
        assert "Short by 52" in said
        assert "3 more than needed" in said
        assert "Current injectors who shared needles or syringes" in said
        assert "28%" in said
        assert "287,670" in said
        assert "145,000" in said
        assert "Write this part" in said

    def test_it_asks_few_questions(self, desk, plan, home):
        england()
        full(home, *(PartnershipFactory() for _ in range(3)))

        assert_counted(desk, "plan: needs", at(plan))

    def test_a_neighbour_s_figure_is_on_the_page_as_released(self, desk, plan, home):
        neighbour = PartnershipFactory()
        full(home, neighbour)
        fact(neighbour, "in-treatment", "2006-03", 411, shown=410)

        said = words(desk.get(at(plan)))

        assert "410" in said
        assert "411" not in said

    def test_what_is_no_longer_measured_is_a_dash_with_the_day_and_the_reason(
        self, desk, plan, home
    ):
        full(home)
        lost = {"as_at": DAY + dt.timedelta(days=40), "shown": None}
        fact(home, "in-treatment", "2006-03", None, **lost)
        england()

        said = words(desk.get(at(plan)))

        since = "since 11 May 2006: in-treatment, 2006-03; a test"
        assert f"Not measured {since}" in said
        assert f"– {home}, in treatment now: not measured {since}." in said
        form = desk.get(at(plan, "bullseye/")).context["form"]
        assert f"{home}: in treatment now" in [row.heading for row in form.items]

    def test_a_finished_one_says_whose_day_its_figures_are_and_what_was_not_known(
        self, desk, plan, home
    ):
        made = full(home)
        early = DAY - dt.timedelta(days=1)
        assert "It was finished on" not in words(desk.get(at(plan)))

        finish_assessment(assessment=made, on=DAY, by=SYSTEM)
        said = words(desk.get(at(plan)))
        assert "It was finished on 1 April 2006" in said
        assert "Not known then" not in said

        NeedsAssessment.objects.update(finished_on=early)
        assert (
            "It was finished on 31 March 2006: what this system fills in is as it was known on"
            f" that day. Not known then: left treatment this year ({home}); in treatment now"
            f" ({home}). Opened again, it shows what is known today."
        ) in words(desk.get(at(plan)))

    def test_a_month_that_nobody_is_measured_in_any_more_is_passed_over(self, desk, plan, home):
        full(home)
        fact(home, "in-treatment", "2006-04", 950)
        fact(home, "in-treatment", "2006-04", None, as_at=DAY + dt.timedelta(days=40))

        said = words(desk.get(at(plan)))

        assert "46% of those estimated are in treatment" in said

    def test_the_picture_is_drawn_and_given_to_the_browser(self, desk, plan, home):
        full(home)

        picture, option = desk.get(at(plan, "bullseye.svg")), desk.get(at(plan, "bullseye.json"))

        assert picture["Content-Type"].startswith("image/svg+xml")
        assert "In treatment now: 890" in picture.content.decode()
        assert option.json()["title"]["text"].endswith("are in treatment")

    @pytest.mark.parametrize("asked", ["?area=nowhere", "?area=%00"])
    def test_there_is_no_picture_of_an_area_that_is_not_covered(self, desk, plan, home, asked):
        full(home)

        assert desk.get(at(plan, "bullseye.svg") + asked).status_code == 404


class TestStarting:
    def test_alone(self, desk, plan, home):
        answer = desk.post(at(plan, "start/"), {}, follow=True)

        assert NeedsAssessment.objects.get().partnership == home
        assert "The assessment is started." in words(answer)

    def test_together_needs_a_name_and_then_covers_both(self, desk, plan, home):
        region = home.organisation.facts.get().other
        other = PartnershipFactory(region=region)

        refused = desk.post(at(plan, "start/"), {"others": [other.pk]})
        assert "Enter a name for what several partnerships assess together." in words(refused)
        desk.post(at(plan, "start/"), {"others": [other.pk], "name": "Tees Valley"})

        assert NeedsArea.objects.filter(year=YEAR).count() == 2

    def test_a_second_one_is_refused_with_a_sentence(self, desk, plan, home):
        assessment_of(home)

        answer = desk.post(at(plan, "start/"), {})

        assert "there is an assessment for 2006/07 already" in words(answer)


class TestWriting:
    def test_what_is_typed_is_kept_and_shown_again(self, desk, plan, home):
        made = assessment_of(home)
        sent = typed(desk, at(plan, "bullseye/")) | {
            "ring1-value": "1,943",
            "ring1-lower": "1500",
            "ring1-upper": "2 400",
            "ring1-source": "Glasgow estimate, 2001",
        }

        answer = desk.post(at(plan, "bullseye/"), sent, follow=True)

        assert "Bullseye: saved." in words(answer)
        kept = made.rings.get()
        assert (kept.value, kept.lower, kept.upper) == (1943, 1500, 2400)
        assert "1,500 to 2,400" in words(answer)

    def test_rings_that_the_system_knows_are_not_asked_for(self, desk, plan, home):
        assessment_of(home)
        fact(home, "in-treatment", "2006-03", 890)

        form = desk.get(at(plan, "bullseye/")).context["form"]

        assert [row.heading.split(": ")[1] for row in form.items] == [
            "estimated problem drug users",
            "known, not in treatment",
            "left treatment this year",
        ]

    @pytest.mark.parametrize(
        ("part", "given", "sentence"),
        [
            ("bullseye", {"ring1-value": "many"}, "“many” is not a number of people"),
            ("bullseye", {"ring1-value": "-5"}, "is not a number of people"),
            ("bullseye", {"ring1-value": "1,23"}, "is not a number of people"),
            ("bullseye", {"ring1-value": "999999999"}, "is not a number of people"),
            ("bullseye", {"ring1-value": "٣"}, "is not a number of people"),
            ("bullseye", {"ring1-value": "5"}, "Enter where the number comes from."),
            ("bullseye", {"ring1-source": "A study"}, "Enter how many people, or empty the row."),
            (
                "bullseye",
                {"ring1-value": "5", "ring1-lower": "6", "ring1-source": "A"},
                "The interval begins above the number itself.",
            ),
            ("groups", {"WOMEN-estimate": "40"}, "Enter where the numbers come from."),
            ("harm", {"needles-shared-value": "NaN"}, "is not a number"),
            ("harm", {"needles-shared-value": "101"}, "Enter a number from 0 to 100."),
            ("harm", {"needles-shared-value": "28.123"}, "at most 2 decimal places"),
            ("harm", {"needles-shared-value": "31%"}, "Enter where the figure comes from."),
            ("harm", {"needles-shared-value": "1e999"}, "Enter a number from 0 to 100."),
            ("views", {"view1-said": "Too far away."}, "Choose whose view it is."),
            ("views", {"view1-how_asked": "In May"}, "Enter what they said"),
            ("gaps", {"gap1-item": "T2-03"}, "Enter what is missing, or choose no item."),
            ("gaps", {"gap1-item": "T9-99", "gap1-text": "X"}, "Choose one of those listed"),
            ("capacity", {"specialist-prescribing-need": "420"}, "Enter how many weeks"),
            ("capacity", {"specialist-prescribing-weeks": "0"}, "Enter a number from 0.01"),
            ("capacity", {"specialist-prescribing-occupancy": "120"}, "Enter a number from 1 to"),
            ("summary", {"region_estimate": "9"}, "Enter where the estimate comes from."),
        ],
    )
    def test_bad_input_is_told_at_its_field_and_nothing_is_lost(
        self, desk, plan, part, given, sentence
    ):
        made = assessment_of(plan.partnership)
        address = at(plan, f"{part}/")

        answer = desk.post(address, typed(desk, address) | given)

        assert answer.status_code == 200
        assert sentence in words(answer)
        form = answer.context["form"]
        assert {name: form[name].value() for name in given} == given
        made.refresh_from_db()
        assert made.revision == 1

    def test_each_part_can_be_saved_as_it_is(self, desk, plan, home):
        full(home)
        for part in ("bullseye", "groups", "harm", "views", "capacity", "gaps", "summary"):
            address = at(plan, f"{part}/")
            assert desk.post(address, typed(desk, address)).status_code == 302, part

        again = NeedsAssessment.objects.get()
        assert again.gaps.get().item_id == "T2-03"
        assert again.capacity.get().need == 420
        assert again.summary == "Much is needed."

    def test_in_a_second_window_nothing_typed_is_lost_and_it_says_what_is_there_now(
        self, desk, plan, home
    ):
        made = assessment_of(home)
        address = at(plan, "gaps/")
        first = typed(desk, address) | {"gap1-text": "No evening clinic"}
        second = typed(desk, address) | {"gap1-text": "No outreach"}
        desk.post(address, first)

        refused = desk.post(address, second)

        assert "What the plan says now" in words(refused)
        assert "No evening clinic" in words(refused)
        assert "No outreach" in words(refused)
        resent = second | {"revision": refused.context["form"]["revision"].value()}
        assert desk.post(address, resent).status_code == 302
        assert made.gaps.get().text == "No outreach"

    @pytest.mark.parametrize("rows", ["", "abc", "100000", "-3", "²"])
    def test_a_wrong_number_of_rows_does_no_harm(self, desk, plan, home, rows):
        assessment_of(home)
        address = at(plan, "gaps/")

        answer = desk.post(address, {"revision": 1, "rows": rows, "gap1-text": "No outreach"})

        assert answer.status_code in {200, 302}

    def test_a_form_without_its_revision_is_refused(self, desk, plan, home):
        assessment_of(home)

        answer = desk.post(at(plan, "gaps/"), {"rows": "1", "gap1-text": "No outreach"})

        assert "Open the page again" in words(answer)

    def test_a_part_that_there_is_not_is_not_found(self, desk, plan, home):
        assessment_of(home)

        assert desk.get(at(plan, "weather/")).status_code == 404

    def test_a_covered_neighbour_reads_and_does_not_write(self, client, home):
        neighbour = PartnershipFactory()
        full(home, neighbour)
        theirs = plan_of(neighbour)
        client.force_login(UserFactory(commissioner_of=neighbour))

        assert "Much is needed." in words(client.get(at(theirs)))
        assert client.get(at(theirs, "gaps/")).status_code == 403


class TestFinishing:
    def test_it_says_what_is_missing_then_finishes_and_opens_again(self, desk, plan, home):
        made = assessment_of(home)
        answer = desk.post(at(plan, "finish/"), follow=True)
        assert "it needs an estimate for" in words(answer)

        made.delete()
        made = full(home)
        answer = desk.post(at(plan, "finish/"), follow=True)

        assert "The assessment is finished." in words(answer)
        assert "Write this part" not in words(answer)
        assert desk.get(at(plan, "gaps/")).status_code == 403
        assert "can be written again" in words(desk.post(at(plan, "reopen/"), follow=True))


class TestPriorities:
    def test_a_gap_becomes_a_priority_of_the_plan_once(self, desk, plan, home):
        full(home)
        text = "Nothing opens in the evening"

        answer = desk.post(at(plan, "gaps/1/priority/"), {"text": text}, follow=True)

        made = Priority.objects.get()
        assert (made.plan, made.text) == (plan, text)
        assert "The gap is priority 1 of the plan." in words(answer)
        assert "A priority of the plan" in words(answer)
        assert "Make a priority of it" not in words(answer)

    def test_a_gap_that_changed_meanwhile_is_not_made_one(self, desk, plan, home):
        full(home)

        answer = desk.post(at(plan, "gaps/1/priority/"), {"text": "Another"}, follow=True)

        assert "The gaps changed" in words(answer)
        assert not Priority.objects.exists()
        assert desk.post(at(plan, "gaps/7/priority/"), {"text": "X"}).status_code == 404
