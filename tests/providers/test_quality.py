"""A provider's quality: what is stated of it, what runs out, and what its returns say."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commissioning.kernel.errors import NotPermitted
from commissioning.services.documents import add_document
from commissioning.services.plans.editing import ChangedMeanwhile
from providers.choices import QualityKind, StaffRole
from providers.models import CompetenceCount, QualityRecord, RequirementEvidence, StaffCount
from providers.reference.requirements import REQUIREMENTS
from providers.selectors.quality import (
    StaffRow,
    competence_of,
    competence_seen,
    danos_units,
    records_of,
    runs_out,
    staff_of,
    staff_seen,
)
from providers.services.quality import (
    Posts,
    QualityRefused,
    RecordWords,
    add_quality_record,
    answer_requirement,
    change_quality_record,
    state_competence,
    state_staff,
)
from tests.factories.commissioning import RuleSetFactory, UserFactory
from tests.factories.providers import AgencyFactory, ProviderFactory, ServiceFactory
from tests.factories.quality import (
    CompetenceFactory,
    QualityRecordFactory,
    RequirementFactory,
    StaffFactory,
)
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
TODAY = dt.date(2007, 2, 15)


@pytest.fixture(autouse=True)
def _held(settings):
    settings.BUSINESS_DAY = TODAY


@pytest.fixture
def provider():
    return ProviderFactory().organisation


@pytest.fixture
def manager(provider):
    return UserFactory(provider_manager_of=provider)


def words(**other):
    given = {
        "kind": QualityKind.REGISTRATION,
        "body": "Inspectorate",
        "reference": "R1",
        "outcome": "Registered",
        "held_on": dt.date(2006, 4, 1),
        "holds_until": dt.date(2007, 4, 1),
    }
    return RecordWords(**given | other)


class TestStaff:
    def test_all_roles_are_stated_anew(self, provider, manager):
        StaffFactory(provider=provider.provider, role=StaffRole.DOCTOR)

        state_staff(
            provider=provider,
            posts={StaffRole.NURSE: Posts(Decimal(4), Decimal("3.5"), "Nights")},
            seen=staff_seen(staff_of(provider)),
            on=TODAY,
            by=manager,
        )

        held = StaffCount.objects.get()
        assert (held.role, held.posts, held.in_post, held.gap) == (
            "NURSE",
            4,
            Decimal("3.5"),
            "Nights",
        )

    def test_what_somebody_stated_meanwhile_is_not_overwritten(self, provider, manager):
        seen = staff_seen(staff_of(provider))
        StaffFactory(provider=provider.provider)

        with pytest.raises(ChangedMeanwhile):
            state_staff(provider=provider, posts={}, seen=seen, on=TODAY, by=manager)

        assert StaffCount.objects.count() == 1

    def test_a_keyworker_may_not(self, provider):
        with pytest.raises(NotPermitted):
            state_staff(
                provider=provider,
                posts={},
                seen=0,
                on=TODAY,
                by=UserFactory(keyworker_of=provider),
            )

    @pytest.mark.parametrize(("posts", "in_post", "gap"), [(5, 4, 1), (4, 5, 0)])
    def test_a_gap_is_posts_that_nobody_fills(self, posts, in_post, gap):
        row = StaffRow(StaffFactory.build(posts=posts, in_post=in_post))

        assert row.gap == gap


class TestCompetence:
    def state(self, provider, by, counts):
        state_competence(
            provider=provider,
            counts=counts,
            seen=competence_seen(competence_of(provider)),
            on=TODAY,
            by=by,
        )

    def test_units_are_those_the_framework_names(self, provider, manager):
        assert [one.code for one in danos_units()] == ["AA1", "AB2", "AB5", "AF1"]
        self.state(provider, manager, {("NURSE", "AF1"): (4, 3)})

        with pytest.raises(QualityRefused, match="no unit ZZ9"):
            self.state(provider, manager, {("NURSE", "ZZ9"): (1, 1)})

        held = CompetenceCount.objects.get()
        assert (held.unit, held.needed, held.held) == ("AF1", 4, 3)


class TestRecords:
    def test_it_holds_until_a_later_day(self, provider, manager):
        with pytest.raises(QualityRefused, match="until a day after"):
            add_quality_record(
                provider=provider, words=words(holds_until=dt.date(2006, 4, 1)), by=manager
            )

    def test_it_is_about_one_of_the_providers_services(self, provider, manager):
        with pytest.raises(QualityRefused, match="is not a service of"):
            add_quality_record(
                provider=provider, words=words(service=ServiceFactory()), by=manager
            )

    def test_what_somebody_saved_meanwhile_is_not_overwritten(self, provider, manager):
        held = add_quality_record(provider=provider, words=words(), by=manager)
        change_quality_record(held=held, words=words(outcome="One"), revision=1, by=manager)

        with pytest.raises(ChangedMeanwhile):
            change_quality_record(held=held, words=words(outcome="Two"), revision=1, by=manager)

        assert QualityRecord.objects.get().outcome == "One"

    def running_out(self, provider):
        return runs_out(records_of(provider), on=TODAY, within_days=60)

    @pytest.mark.parametrize(
        ("until", "named"),
        [(dt.date(2007, 4, 16), 1), (dt.date(2007, 4, 17), 0), (dt.date(2007, 1, 1), 1)],
    )
    def test_what_runs_out_within_sixty_days_is_named_and_what_ran_out_stays(
        self, provider, until, named
    ):
        QualityRecordFactory(provider=provider.provider, holds_until=until)

        assert len(self.running_out(provider)) == named

    def test_a_later_record_of_the_same_body_takes_its_place(self, provider):
        given = {"provider": provider.provider, "body": "Inspectorate"}
        QualityRecordFactory(**given, holds_until=dt.date(2007, 1, 1))
        QualityRecordFactory(**given, held_on=dt.date(2007, 1, 1), holds_until=dt.date(2008, 1, 1))

        assert self.running_out(provider) == []


class TestRequirements:
    def test_each_has_its_section_of_the_source(self):
        assert all("Models of Care 2006, " in one.source for one in REQUIREMENTS)
        assert len({one.code for one in REQUIREMENTS}) == len(REQUIREMENTS)

    def test_an_answer_given_meanwhile_is_not_overwritten(self, provider, manager):
        RequirementFactory(provider=provider.provider, requirement="workforce")

        with pytest.raises(ChangedMeanwhile):
            answer_requirement(
                provider=provider,
                code="workforce",
                is_met=False,
                evidence="None",
                seen=0,
                on=TODAY,
                by=manager,
            )

        assert RequirementEvidence.objects.get().is_met


class TestPages:
    @pytest.fixture
    def desk(self, client, manager):
        client.force_login(manager)
        return client

    def at(self, provider, page="staff", *more):
        return reverse(f"providers:quality-{page}", args=[provider.code, *more])

    def page(self, client, provider):
        at = reverse("reporting:provider-quality", args=[provider.code])
        return client.get(at).content.decode()

    def test_staff_are_stated_and_their_gap_is_shown(self, desk, provider):
        form = desk.get(self.at(provider)).context["form"]
        typed = {
            "NURSE-posts": "5",
            "NURSE-in_post": "3.5",
            "NURSE-gap": "Nobody at night",
            "revision": form["revision"].initial,
        }
        desk.post(self.at(provider), typed)

        page = self.page(desk, provider)
        assert "Nobody at night" in page
        assert ">1.5<" in page

    def test_more_in_post_than_posts_is_taken_with_a_word_of_why(self, desk, provider):
        form = desk.get(self.at(provider)).context["form"]
        typed = {
            "NURSE-posts": "2",
            "NURSE-in_post": "3.5",
            "revision": form["revision"].initial,
        }

        refused = desk.post(self.at(provider), typed)

        said = "Nurse: 3.5 in post is more than 2 posts. Say why under “gap in words”"
        assert refused.context["form"].errors["NURSE-gap"][0].startswith(said)
        assert said in refused.content.decode()
        assert 'value="3.5"' in refused.content.decode()
        assert not StaffCount.objects.exists()

        desk.post(self.at(provider), typed | {"NURSE-gap": "Handover until June"})

        page = self.page(desk, provider)
        assert "Handover until June" in page
        assert ">1.5 over<" in page

    def test_what_is_no_number_is_named_and_kept(self, desk, provider):
        page = desk.post(self.at(provider), {"NURSE-posts": "some", "revision": 0})

        assert "Nurse: posts: write a number" in page.content.decode()
        assert 'value="some"' in page.content.decode()

    def test_somebody_who_saved_meanwhile_is_not_overwritten(self, desk, provider):
        typed = {"NURSE-posts": "5", "revision": 1}

        page = desk.post(self.at(provider), typed).content.decode()
        assert "Somebody saved this" in page
        assert 'value="5"' in page
        assert not StaffCount.objects.exists()

    def test_competence_is_stated_by_role_and_unit(self, desk, provider):
        CompetenceFactory(provider=provider.provider, role=StaffRole.DOCTOR, needed=2, held=1)
        form = desk.get(self.at(provider, "competence")).context["form"]
        typed = {name: form[name].value() or "" for name in form.fields}
        desk.post(
            self.at(provider, "competence"),
            typed | {"NURSE-AF1-needed": "4", "NURSE-AF1-held": "3"},
        )

        page = self.page(desk, provider)
        assert "3 of 4" in page
        assert "Doctor: AF1 is held by 1 of 2" in page

    def test_a_record_is_added_and_its_end_is_named(self, desk, provider):
        typed = {
            "kind": "REGISTRATION",
            "body": "Inspectorate",
            "outcome": "Registered for 12 beds",
            "revision": 0,
            "held_on_0": 1,
            "held_on_1": 4,
            "held_on_2": 2006,
            "holds_until_0": 1,
            "holds_until_1": 4,
            "holds_until_2": 2007,
        }
        desk.post(self.at(provider, "record-add"), typed)

        page = self.page(desk, provider)
        assert "Registered for 12 beds" in page
        assert "Registration by Inspectorate: runs out on 1 April 2007" in page

    def test_a_record_is_changed(self, desk, provider):
        record = QualityRecordFactory(provider=provider.provider)
        typed = {
            "kind": "AUDIT",
            "outcome": "Repeated in a year",
            "revision": 1,
            "held_on_0": 1,
            "held_on_1": 4,
            "held_on_2": 2006,
        }
        desk.post(self.at(provider, "record", record.pk), typed)

        record.refresh_from_db()
        assert (record.kind, record.outcome) == ("AUDIT", "Repeated in a year")

    def test_a_requirement_is_answered_with_evidence(self, desk, provider):
        at = self.at(provider, "requirement", "workforce")
        assert "Enter the evidence" in desk.post(at, {"is_met": "no"}).content.decode()

        desk.post(at, {"is_met": "no", "evidence": "Two of five in training", "revision": 0})

        page = self.page(desk, provider)
        assert "Two of five in training" in page
        assert "Not met" in page
        assert desk.get(self.at(provider, "requirement", "nothing")).status_code == 404

    def test_whoever_reads_the_evidence_opens_its_document(self, client, provider, manager):
        def file(words):
            return SimpleUploadedFile("report.txt", words)

        behind = add_quality_record(
            provider=provider, words=words(file=file(b"visited")), by=manager
        ).document
        answered = answer_requirement(
            provider=provider,
            code="workforce",
            is_met=True,
            evidence="A plan",
            file=file(b"a plan"),
            seen=0,
            on=TODAY,
            by=manager,
        ).document
        other = add_document(organisation=provider, file=file(b"wages"), by=manager)
        client.force_login(UserFactory())
        page = self.page(client, provider)

        for document, held in ((behind, b"visited"), (answered, b"a plan")):
            at = self.at(provider, "document", document.pk)
            assert f'href="{at}"' in page
            answer = client.get(at)
            assert b"".join(answer.streaming_content) == held
            assert answer["Content-Disposition"] == 'attachment; filename="report.txt"'
        assert client.get(self.at(provider, "document", other.pk)).status_code == 404
        assert client.get(f"/documents/{behind.pk}/").status_code == 404

    def test_a_document_that_was_replaced_is_the_providers_own_again(
        self, client, provider, manager
    ):
        held = add_quality_record(
            provider=provider,
            words=words(file=SimpleUploadedFile("first.txt", b"draft")),
            by=manager,
        )
        before = held.document
        change_quality_record(
            held=held,
            words=words(file=SimpleUploadedFile("second.txt", b"final")),
            revision=1,
            by=manager,
        )
        client.force_login(UserFactory())

        assert client.get(self.at(provider, "document", before.pk)).status_code == 404

    def test_months_of_returns_are_counted_from_their_history(self, client, provider):
        AgencyFactory(provider=provider.provider, opened_on=dt.date(2006, 12, 1))
        client.force_login(UserFactory())

        page = self.page(client, provider)

        assert "Of 2 agency months in the last year 0 are told of (0%)" in page

    def test_who_may_not_write_it_sees_no_way_to(self, client, provider):
        client.force_login(UserFactory())

        assert "/quality/staff/" not in self.page(client, provider)

    def test_each_page_asks_a_constant_number_of_queries(self, desk, provider):
        RuleSetFactory()
        for role in (StaffRole.NURSE, StaffRole.DOCTOR):
            StaffFactory(provider=provider.provider, role=role)
            CompetenceFactory(provider=provider.provider, role=role)
            QualityRecordFactory(provider=provider.provider)
            AgencyFactory(provider=provider.provider)
        assert_counted(
            desk, "quality", reverse("reporting:provider-quality", args=[provider.code])
        )
        for page in ("staff", "competence", "record-add"):
            assert_counted(desk, f"quality, {page}", self.at(provider, page))
