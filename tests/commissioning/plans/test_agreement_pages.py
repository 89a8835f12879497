"""The pages on which a plan is sent, commented on, agreed, compared and amended."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from commissioning.choices import (
    AMENDMENT_TRANSITIONS,
    PLAN_TRANSITIONS,
    AmendmentState,
    PlanSection,
    PlanState,
)
from commissioning.kernel.words import day
from commissioning.models import Amendment, Funding, Line, Plan, PlanComment, Target
from commissioning.selectors.plans.checking import blocking_checks
from commissioning.selectors.plans.monitoring import report_of
from commissioning.services.plans import agreement, amending, commenting
from commissioning.services.plans.monitoring import sign_report
from commissioning.views.plans import deeds
from commissioning.views.plans.deeds import AMENDMENT_WORDS, DEEDS
from tests.commissioning.plans.written import line, written_plan
from tests.factories.commissioning import NationFactory, UserFactory
from tests.factories.plans import PlanFactory
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
DAY = dt.date(2006, 10, 1)


@pytest.fixture(autouse=True)
def checks_hold(monkeypatch):
    monkeypatch.setattr(agreement, "blocking_checks", lambda _: [])
    monkeypatch.setattr(deeds, "blocking_checks", lambda _: [])


def at(made, page, *more):
    return reverse(f"commissioning:{page}", args=[made.partnership.code, made.plan.slug, *more])


def words_on(client, address):
    return {one.words for one in client.get(address).context["buttons"]}


def agreed():
    made = written_plan(state=PlanState.SUBMITTED)
    made.plan = agreement.agree_plan(plan=made.plan, by=made.reviewer, on=DAY)
    return made


@pytest.mark.parametrize("state", PlanState)
def test_the_buttons_of_both_sides_together_are_what_the_table_allows(client, settings, state):
    settings.BUSINESS_DAY = dt.date(2007, 4, 1)  # the year of the plan is over
    made = written_plan(state=state)
    shown = set()
    for person in (made.lead, made.reviewer):
        client.force_login(person)
        shown |= words_on(client, at(made, "plan-detail"))

    allowed = {DEEDS[to].words for to in PLAN_TRANSITIONS[state]}
    assert shown - {"Open an amendment"} == allowed


@pytest.mark.parametrize(
    ("state", "words", "first"),
    [
        (PlanState.AGREED, "Begin monitoring", dt.date(2006, 4, 1)),
        (PlanState.MONITORED, "Close plan", dt.date(2007, 4, 1)),
    ],
)
def test_what_waits_for_a_day_has_no_button_before_and_says_from_when(
    client, settings, state, words, first
):
    made = written_plan(state=state)
    client.force_login(made.reviewer)
    from_when = re.compile(f"(begins on|closed from) {day(first)}")

    settings.BUSINESS_DAY = first - dt.timedelta(days=1)
    page = client.get(at(made, "plan-detail"))
    assert words not in {one.words for one in page.context["buttons"]}
    assert from_when.search(page.content.decode())

    settings.BUSINESS_DAY = first
    page = client.get(at(made, "plan-detail"))
    assert words in {one.words for one in page.context["buttons"]}
    assert not from_when.search(page.content.decode())


@pytest.mark.parametrize("state", AmendmentState)
def test_the_buttons_of_an_amendment_are_what_its_table_allows(client, state):
    made = agreed()
    Amendment.objects.create(plan=made.plan, number=1, reason="A clinic.", state=state)
    shown = set()
    for person in (made.lead, made.reviewer):
        client.force_login(person)
        shown |= words_on(client, at(made, "amendment-detail", 1))

    assert shown == {AMENDMENT_WORDS[to][0] for to in AMENDMENT_TRANSITIONS[state]}


def test_a_commissioner_has_no_button_to_submit(client):
    made = written_plan()
    client.force_login(made.commissioner)

    assert words_on(client, at(made, "plan-detail")) == set()
    assert client.get(at(made, "plan-submit")).status_code == 403


def test_the_lead_submits_after_looking_at_what_stands_in_the_way(client, monkeypatch):
    made = written_plan()
    client.force_login(made.lead)
    page = client.get(at(made, "plan-submit"))
    revision = page.context["form"].initial["revision"]

    answer = client.post(at(made, "plan-submit"), {"revision": revision}, follow=True)

    assert "The plan is with the region now." in answer.content.decode()
    made.plan.refresh_from_db()
    assert made.plan.state == PlanState.SUBMITTED


def test_what_keeps_a_plan_from_being_sent_is_linked_and_there_is_no_button_that_cannot_work(
    client, monkeypatch
):
    monkeypatch.setattr(deeds, "blocking_checks", blocking_checks)
    made = written_plan()
    client.force_login(made.lead)

    page = client.get(at(made, "plan-submit")).content.decode()

    assert "Still to do before the plan can be sent" in page
    assert f'href="{at(made, "plan-targets")}">Numbers in treatment</a>: No target is set' in page
    assert 'name="revision"' not in page
    assert "Submit plan</button>" not in page


@pytest.mark.parametrize(
    ("state", "who", "said"),
    [
        (PlanState.DRAFT, "lead", "The region comments once the plan is submitted."),
        (PlanState.SUBMITTED, "lead", "The plan is with the region, which has made none so far."),
        (PlanState.SUBMITTED, "reviewer", "Add the first below."),
        (PlanState.CLOSED, "reviewer", "The region made none."),
    ],
)
def test_a_plan_without_comments_says_by_its_state_why(client, state, who, said):
    made = written_plan(state=state)
    client.force_login(getattr(made, who))

    assert said in client.get(at(made, "plan-comments")).content.decode()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (PlanState.SUBMITTED, "is with the region. It can be changed when it comes back."),
        (PlanState.AGREED, "is agreed. Open an amendment, with its reason, to change it."),
        (PlanState.CLOSED, "is closed and stays as it was."),
    ],
)
@pytest.mark.parametrize("page", ["plan-line-file", "plan-summary"])
def test_what_cannot_be_changed_now_says_so_and_blames_no_role(client, page, state, said):
    made = written_plan(state=state)
    client.force_login(made.lead)

    answer = client.get(at(made, page))

    assert answer.status_code == 403
    assert said in answer.content.decode()
    assert "Your role" not in answer.content.decode()


def test_the_second_of_two_reviewers_reads_what_happened(client):
    made = written_plan(state=PlanState.SUBMITTED)
    client.force_login(made.colleague)
    revision = client.get(at(made, "plan-agree")).context["form"].initial["revision"]
    agreement.return_plan(plan=made.plan, by=made.reviewer, on=DAY, comment="Say more.")

    answer = client.post(at(made, "plan-agree"), {"revision": revision})

    assert "“returned with comments”: you cannot agree it now" in answer.content.decode()
    assert client.get(at(made, "plan-agree"), follow=True).redirect_chain


def test_each_line_of_the_list_leads_a_reviewer_to_a_comment_on_it(client):
    made = written_plan(state=PlanState.SUBMITTED)
    link = f'href="{at(made, "plan-comments")}?line=2"'

    client.force_login(made.reviewer)
    assert link in client.get(at(made, "plan-lines")).content.decode()
    client.force_login(made.commissioner)
    assert link not in client.get(at(made, "plan-lines")).content.decode()
    Plan.objects.update(state=PlanState.CLOSED)
    client.force_login(made.reviewer)
    assert link not in client.get(at(made, "plan-lines")).content.decode()


def test_a_reviewer_comments_on_a_line_from_its_link(client):
    made = written_plan(state=PlanState.SUBMITTED)
    client.force_login(made.reviewer)
    link = at(made, "plan-comments") + "?line=2"
    assert link in client.get(at(made, "plan-line", 2)).content.decode()
    page = client.get(link)
    assert page.context["form"].initial == {"line": "2", "section": PlanSection.LINES}

    client.post(
        at(made, "plan-comments"),
        {"section": "LINES", "line": "2", "text": "Show the pathway.", "is_condition": "on"},
    )

    said = PlanComment.objects.get()
    assert (said.line.number, said.is_condition, said.made_by) == (2, True, made.reviewer)


def test_comments_are_found_by_how_far_they_came(client):
    made = written_plan(state=PlanState.SUBMITTED)
    for text in ("One", "Two", "Three"):
        comment = commenting.add_comment(
            plan=made.plan, section=PlanSection.MONEY, text=text, by=made.reviewer
        )
    commenting.settle_comment(comment=comment, by=made.reviewer, on=DAY)
    client.force_login(made.lead)

    page = client.get(at(made, "plan-comments") + "?standing=open")

    assert page.context["found"].counts == {"open": 2, "answered": 0, "settled": 1}
    assert [
        one["comment"].text for _, comments in page.context["threads"] for one in comments
    ] == ["One", "Two"]


def test_the_partnership_answers_and_the_reviewer_settles(client):
    made = written_plan(state=PlanState.SUBMITTED)
    comment = commenting.add_comment(
        plan=made.plan,
        section=PlanSection.MONEY,
        text="Why?",
        is_condition=True,
        by=made.reviewer,
    )
    client.force_login(made.commissioner)
    assert client.post(at(made, "comment-settle", comment.pk)).status_code == 403
    client.post(at(made, "comment-answer", comment.pk), {"answer": "So."})
    client.force_login(made.reviewer)
    assert client.get(at(made, "comment-answer", comment.pk)).status_code == 403

    client.post(at(made, "comment-settle", comment.pk))

    comment.refresh_from_db()
    assert (comment.answer, comment.settled_by) == ("So.", made.reviewer)


def test_a_version_shows_the_plan_as_it_stood(client):
    made = agreed()
    Line.objects.filter(plan=made.plan).update(name="Renamed")
    client.force_login(made.lead)

    page = client.get(at(made, "plan-version", 1)).content.decode()

    assert "Rehabilitation" in page
    assert "Renamed" not in page
    assert "Pooled treatment budget £40,000" in page


def test_two_versions_are_compared_by_pounds_and_words_and_as_csv(client):
    made = agreed()
    made.plan.lines.filter(number=1).update(name="Prescribing and dispensing")
    made.plan.lines.get(number=2).allocations.filter(stream="ptb").update(amount="45000.00")
    line(made.plan, 3, "Aftercare", {"ptb": "1000.00"}, aftercare=True)
    client.force_login(made.lead)

    page = client.get(at(made, "plan-compare") + "?from=1&to=now")

    said = {
        (change.kind, change.what): (
            [(one.name, one.before, one.after) for one in change.columns],
            sum(one.difference or 0 for one in change.columns),
        )
        for section in page.context["comparison"].sections
        for change in section.changes
    }
    assert said["Changed", "Line 1: Prescribing and dispensing"][0] == [
        ("Name", "Prescribing", "Prescribing and dispensing")
    ]
    assert said["Changed", "Line 2 from Pooled treatment budget"] == (
        [("Amount", "£40,000", "£45,000")],
        5000,
    )
    assert said["Added", "Line 3: Aftercare"][1] == 1000
    # Beside the column that is the money, whatever comes before it.
    assert ["Cost", "–", "£1,000", 1000] in [
        [one.name, one.before, one.after, one.difference]
        for one in page.context["comparison"].sections[0].changes[1].columns
    ]
    comparison = page.context["comparison"]
    assert [(one.name, one.difference) for one in comparison.by_stream] == [
        ("Pooled treatment budget", 6000),
        ("Community care", 0),
    ]
    assert [(one.name, one.difference) for one in comparison.by_tier] == [
        ("Tier 3", 1000),
        ("Tier 4", 5000),
    ]
    file = client.get(at(made, "plan-compare") + "?from=1&to=now&format=csv")
    rows = b"".join(file.streaming_content).decode().splitlines()
    assert (
        'Money,Line 2 from Pooled treatment budget,Changed,Amount,"£40,000","£45,000",5000.00'
        in rows
    )


def test_targets_are_written_as_people_read_them(client):
    made = written_plan()
    Target.objects.create(
        plan=made.plan, indicator="care-plans", source="LOCAL", baseline="0.7866", target="0.86",
        trajectory=["0.8", "0.82", "0.84", "0.86"],
    )  # fmt: skip
    made.plan = agreement.submit_plan(plan=made.plan, by=made.lead, on=DAY)
    Target.objects.filter(indicator="care-plans").update(target="0.9")
    client.force_login(made.lead)

    frozen = client.get(at(made, "plan-version", 1)).content.decode()
    compared = client.get(at(made, "plan-compare") + "?from=1&to=now").content.decode()

    assert "0.7866" not in frozen
    assert "80%, 82%, 84%, 86%" in frozen
    assert "Care plan in place (local expectation)" in compared
    assert re.search(r">86%</span></td>\s*<td[^>]*><span>90%<", compared)


def test_a_version_that_is_not_there_is_not_compared(client):
    made = agreed()
    client.force_login(made.lead)

    assert client.get(at(made, "plan-compare") + "?from=7&to=1").status_code == 404
    assert client.get(at(made, "plan-compare") + "?from=x&to=1").status_code == 404


def test_an_amendment_goes_its_way_on_its_pages(client):
    made = agreed()
    client.force_login(made.lead)
    client.post(at(made, "amendment-open"), {"reason": "A clinic opens late."})
    made.plan.lines.filter(number=1).update(name="Later")
    page = client.get(at(made, "amendment-detail", 1))
    assert page.context["comparison"].number == 1

    def decide(deed, **more):
        page = client.get(at(made, "amendment-deed", 1, deed))
        revision = page.context["form"].initial["revision"]
        return client.post(at(made, "amendment-deed", 1, deed), {"revision": revision, **more})

    decide("submit")
    client.force_login(made.reviewer)
    refused = decide("refuse")
    assert "Enter the reason why it is refused" in refused.content.decode()
    decide("refuse", decision="Not this year.")

    assert made.plan.lines.get(number=1).name == "Prescribing"
    assert Amendment.objects.get().state == AmendmentState.REFUSED


def test_what_keeps_an_amendment_from_being_sent_is_linked_before_it_is_tried(client, monkeypatch):
    monkeypatch.setattr(deeds, "blocking_checks", blocking_checks)
    made = agreed()
    client.force_login(made.lead)
    client.post(at(made, "amendment-open"), {"reason": "A clinic opens late."})

    page = client.get(at(made, "amendment-deed", 1, "submit")).content.decode()

    assert f'href="{at(made, "plan-targets")}">Numbers in treatment</a>: No target is set' in page
    assert "Submit amendment</button>" not in page


def test_conditions_left_are_shown_to_whoever_decides_an_amendment(client):
    made = agreed()
    client.force_login(made.lead)
    client.post(at(made, "amendment-open"), {"reason": "A clinic opens late."})
    amendment = amending.submit_amendment(amendment=Amendment.objects.get(), by=made.lead, on=DAY)
    commenting.add_comment(
        plan=made.plan, section=PlanSection.MONEY, text="Which quarter?", is_condition=True,
        by=made.reviewer,
    )  # fmt: skip
    client.force_login(made.reviewer)

    for deed in ("agree", "return"):
        page = client.get(at(made, "amendment-deed", amendment.number, deed))
        assert "Which quarter?" in page.content.decode()


def test_a_plan_that_cannot_be_closed_yet_says_why_and_once_closed_what_goes_on(client, settings):
    made = agreed()
    made.plan = agreement.begin_monitoring(plan=made.plan, by=made.reviewer, on=DAY)
    Funding.objects.filter(partnership=made.partnership, stream="ptb").update(amount="300.00")
    Funding.objects.filter(partnership=made.partnership).exclude(stream="ptb").delete()
    settings.BUSINESS_DAY = dt.date(2007, 3, 31)
    client.force_login(made.reviewer)

    page = client.get(at(made, "plan-close")).content.decode()
    assert "The year of the plan ends on 31 March 2007." in page
    assert "The reports of quarters 1, 2, 3 and 4 are not signed." in page
    assert "Close plan</button>" not in page

    settings.BUSINESS_DAY = dt.date(2007, 5, 1)
    for number in range(1, 5):
        sign_report(report=report_of(made.plan, number), by=made.lead, on=dt.date(2007, 5, 1))
    revision = client.get(at(made, "plan-close")).context["form"].initial["revision"]
    joint = PlanFactory(
        partnership=made.partnership,
        kind="JOINT",
        slug="FY2006-j",
        name="Tier 4",
        state="MONITORED",
    )
    waits = client.post(at(made, "plan-close"), {"revision": revision}, follow=True)
    assert f"carried forward into 2007/08 once {joint} is closed." in waits.content.decode()
    Plan.objects.filter(pk=joint.pk).update(state="CLOSED")
    Plan.objects.filter(pk=made.plan.pk).update(state="MONITORED")
    revision = client.get(at(made, "plan-close")).context["form"].initial["revision"]
    done = client.post(at(made, "plan-close"), {"revision": revision}, follow=True)
    assert "The plan is closed. £300 is carried forward into 2007/08." in done.content.decode()


def test_what_an_agreed_amendment_changed_can_still_be_read(client):
    made = agreed()
    for number, name in ((1, "Later"), (2, "Latest")):
        amendment = amending.open_amendment(plan=made.plan, reason="So.", by=made.lead)
        made.plan.lines.filter(number=1).update(name=name)
        amendment = amending.submit_amendment(amendment=amendment, by=made.lead, on=DAY)
        amending.agree_amendment(amendment=amendment, by=made.reviewer, on=DAY)
        assert amendment.number == number
    client.force_login(made.lead)

    first, second = (client.get(at(made, "amendment-detail", one)) for one in (1, 2))

    assert (first.context["comparison"].number, second.context["comparison"].number) == (1, 1)
    assert "What it changed" in first.content.decode()
    assert "Later" in first.content.decode()
    assert "Latest" not in first.content.decode()
    assert "Latest" in second.content.decode()


def test_queries_of_the_pages_of_agreement(client):
    made = agreed()
    for number in range(10):
        commenting.add_comment(
            plan=made.plan,
            section=PlanSection.LINES,
            line=made.plan.lines.get(number=1 + number % 2),
            text="Why?",
            by=made.reviewer,
        )
    client.force_login(UserFactory(reviewer_of=NationFactory()))
    Amendment.objects.create(plan=made.plan, number=1, reason="A clinic.")

    for name, address in {
        "plan comments": at(made, "plan-comments"),
        "plan versions": at(made, "plan-versions"),
        "plan version": at(made, "plan-version", 1),
        "plan amendment": at(made, "amendment-detail", 1),
        "plan compared": at(made, "plan-compare") + "?from=1&to=1",
    }.items():
        assert_counted(client, name, address)
