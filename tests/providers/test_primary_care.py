"""Primary care: the spectrum of prescribers, shared care and its reviews, gaps and evidence."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.kernel.errors import NotPermitted
from commissioning.models import Evidence
from commissioning.rule_settings import DEFAULTS
from commissioning.services.plans.editing import ChangedMeanwhile
from providers.models import SharedCareMember, SharedCareScheme
from providers.selectors.gaps import gaps_of
from providers.selectors.primary_care import (
    DOCTORS,
    months_before,
    schemes_of,
    standing_of,
    standings,
)
from providers.services.primary_care.evidence import write_primary_care_evidence
from providers.services.primary_care.practices import (
    PrimaryCareRefused,
    add_practice,
    change_practice,
    state_prescribers,
)
from providers.services.primary_care.shared_care import (
    SchemeFacts,
    change_scheme,
    end_scheme,
    join_scheme,
    leave_scheme,
    review_scheme,
    start_scheme,
)
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, UserFactory
from tests.factories.providers import DeliveredFactory, ProviderFactory, ServiceFactory
from tests.factories.register import (
    HoursFactory,
    PracticeFactory,
    PrescriberFactory,
    SchemeFactory,
    SchemeMemberFactory,
)
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
TODAY = dt.date(2007, 2, 15)


@pytest.fixture
def area():
    return PartnershipFactory(organisation__name="Gateshead")


@pytest.fixture
def commissioner(area):
    return UserFactory(commissioner_of=area)


def missing(partnership):
    return standing_of(partnership, on=TODAY, rules=DEFAULTS).missing


def whole_spectrum(practice):
    for level in DOCTORS:
        PrescriberFactory(provider=practice.provider, level=level, people=1)


def facts(**words):
    given = {"name": "Main", "specialist": None, "support": "", "review_by": dt.date(2008, 2, 15)}
    return SchemeFacts(**given | words)


class TestSpectrum:
    def test_levels_of_doctors_without_anybody_are_missing(self, area):
        practice = PracticeFactory(partnership=area)
        PrescriberFactory(provider=practice.provider, level="CORE")
        PrescriberFactory(provider=practice.provider, level="ENHANCED", people=0)

        assert missing(area) == ["ENHANCED", "SPECIAL_INTEREST", "SPECIALIST"]

    def test_a_non_medical_prescriber_is_no_level_of_doctors(self, area):
        whole_spectrum(PracticeFactory(partnership=area))

        assert missing(area) == []

    def test_practices_elsewhere_do_not_count_unless_they_share_our_care(self, area):
        whole_spectrum(elsewhere := PracticeFactory())
        PracticeFactory(partnership=area)
        assert len(missing(area)) == 4

        SchemeMemberFactory(scheme__partnership=area, practice=None, provider=elsewhere.provider)

        assert missing(area) == []

    def test_who_supports_a_scheme_and_who_leads_a_service_here_count(self, area):
        specialist, led = (
            ServiceFactory(),
            ServiceFactory(is_primary_care_led=True, site__partnership=area),
        )
        PrescriberFactory(provider=specialist.provider, level="SPECIALIST")
        PrescriberFactory(provider=led.provider, level="SPECIAL_INTEREST")
        scheme = SchemeFactory(partnership=area, specialist=specialist)

        assert missing(area) == ["CORE", "ENHANCED"]
        scheme.ended_on = TODAY
        scheme.save()
        assert missing(area) == ["CORE", "ENHANCED", "SPECIALIST"]

    def test_the_area_or_the_practice_itself_states_who_prescribes(self, area, commissioner):
        practice = PracticeFactory(partnership=area)
        manager = UserFactory(provider_manager_of=practice.provider)

        state_prescribers(
            provider=practice.provider, people={"CORE": 2}, on=TODAY, by=commissioner
        )
        state_prescribers(provider=practice.provider, people={"ENHANCED": 1}, on=TODAY, by=manager)

        assert [(one.level, one.people) for one in practice.provider.prescribers.all()] == [
            ("ENHANCED", 1)
        ]
        with pytest.raises(NotPermitted):
            state_prescribers(
                provider=practice.provider,
                people={},
                on=TODAY,
                by=UserFactory(commissioner_of=PartnershipFactory()),
            )
        with pytest.raises(NotPermitted):
            state_prescribers(provider=ProviderFactory(), people={}, on=TODAY, by=commissioner)

    def test_a_provider_is_a_practice_once(self, area, commissioner):
        provider = ProviderFactory()
        practice = add_practice(
            provider=provider, partnership=area, contract_kind="NES", by=commissioner
        )
        assert (
            change_practice(practice=practice, contract_kind="PMS", by=commissioner).contract_kind
            == "PMS"
        )

        with pytest.raises(PrimaryCareRefused, match="already a practice"):
            add_practice(provider=provider, partnership=area, contract_kind="NES", by=commissioner)


class TestSharedCare:
    def test_a_scheme_runs_from_its_start_to_its_end(self, area, commissioner):
        practice = PracticeFactory(partnership=area)
        scheme = start_scheme(partnership=area, facts=facts(), on=TODAY, by=commissioner)
        member = join_scheme(scheme=scheme, provider=practice.provider, on=TODAY, by=commissioner)
        with pytest.raises(PrimaryCareRefused, match="already in it"):
            join_scheme(scheme=scheme, provider=practice.provider, on=TODAY, by=commissioner)

        review_scheme(
            scheme=scheme,
            on=TODAY,
            found="It works.",
            review_by=dt.date(2008, 1, 1),
            by=commissioner,
        )
        assert standing_of(area, on=TODAY, rules=DEFAULTS).has_shared_care

        end_scheme(scheme=scheme, on=dt.date(2007, 4, 1), reason="Merged.", by=commissioner)
        member.refresh_from_db()
        assert member.left_on == dt.date(2007, 4, 1)
        with pytest.raises(PrimaryCareRefused, match="ended on 1 April 2007"):
            leave_scheme(member=member, on=dt.date(2007, 5, 1), by=commissioner)

    def test_a_practice_leaves_after_it_joined_and_once(self, area, commissioner):
        member = SchemeMemberFactory(scheme__partnership=area)
        with pytest.raises(PrimaryCareRefused, match="give a later day"):
            leave_scheme(member=member, on=member.joined_on, by=commissioner)
        leave_scheme(member=member, on=TODAY, by=commissioner)

        with pytest.raises(PrimaryCareRefused, match="left on 15 February 2007"):
            leave_scheme(member=member, on=TODAY, by=commissioner)

    @pytest.mark.parametrize(
        ("on", "review_by", "sentence"),
        [
            (TODAY, TODAY, "after the last one"),
            (dt.date(2006, 1, 1), dt.date(2008, 1, 1), "give a later day"),
        ],
    )
    def test_a_review_that_cannot_be_is_refused(self, area, commissioner, on, review_by, sentence):
        scheme = SchemeFactory(partnership=area, reviewed_on=dt.date(2006, 6, 1))

        with pytest.raises(PrimaryCareRefused, match=sentence):
            review_scheme(scheme=scheme, on=on, found="x", review_by=review_by, by=commissioner)

    def test_somebody_elses_change_is_not_overwritten(self, area, commissioner):
        scheme = SchemeFactory(partnership=area)
        change_scheme(scheme=scheme, facts=facts(), revision=1, by=commissioner)

        with pytest.raises(ChangedMeanwhile):
            change_scheme(scheme=scheme, facts=facts(name="Other"), revision=1, by=commissioner)

    def test_those_overdue_come_first_and_those_that_ended_last(self, area):
        for name, words in {
            "Later": {"review_by": dt.date(2007, 9, 1)},
            "Ended": {"review_by": dt.date(2006, 1, 1), "ended_on": dt.date(2006, 9, 1)},
            "Overdue": {"review_by": dt.date(2007, 1, 1)},
        }.items():
            SchemeFactory(partnership=area, name=name, **words)

        assert [one.name for one in schemes_of(area, on=TODAY)] == ["Overdue", "Later", "Ended"]

    def test_only_the_area_keeps_it(self, area):
        for other in (
            UserFactory(commissioner_of=PartnershipFactory()),
            UserFactory(analyst_of=area),
        ):
            with pytest.raises(NotPermitted):
                start_scheme(partnership=area, facts=facts(), on=TODAY, by=other)


class TestEvidence:
    @pytest.fixture(autouse=True)
    def rules(self):
        RuleSetFactory()

    def known(self, area, name):
        return Evidence.objects.known_on(TODAY).filter(subject=area.pk, name=name).first()

    def test_nothing_is_said_of_what_the_register_does_not_know(self, area):
        write_primary_care_evidence(on=TODAY)

        assert not Evidence.objects.exists()

    def test_shared_care_holds_while_every_scheme_was_reviewed_in_time(self, area):
        scheme = SchemeMemberFactory(
            scheme__partnership=area, scheme__reviewed_on=dt.date(2006, 2, 15)
        ).scheme
        write_primary_care_evidence(on=TODAY)
        fact = self.known(area, "shared-care")
        assert (fact.value, fact.shown_value, fact.as_at) == (1, 1, TODAY)
        assert fact.source == ("Register: 1 scheme with 1 practice, each reviewed in time")

        scheme.reviewed_on = dt.date(2006, 2, 14)
        scheme.save()
        write_primary_care_evidence(on=TODAY)

        fact = self.known(area, "shared-care")
        assert fact.value == 0
        assert scheme.name in fact.source

    @pytest.mark.parametrize("over", ["no member", "ended"])
    def test_it_does_not_hold_without_a_practice_in_a_scheme_that_runs(self, area, over):
        scheme = SchemeFactory(partnership=area, reviewed_on=dt.date(2007, 1, 1))
        if over == "ended":
            SchemeMemberFactory(scheme=scheme)
            SharedCareScheme.objects.update(ended_on=TODAY)
        else:
            SchemeMemberFactory(scheme=scheme)
            SharedCareMember.objects.update(left_on=TODAY)

        write_primary_care_evidence(on=TODAY)

        assert self.known(area, "shared-care").value == 0

    def test_the_spectrum_holds_when_no_level_is_missing(self, area):
        practice = PracticeFactory(partnership=area)
        write_primary_care_evidence(on=TODAY)
        fact = self.known(area, "primary-care")
        assert fact.value == 0
        assert "nobody at Doctor providing core services" in fact.source

        whole_spectrum(practice)
        write_primary_care_evidence(on=TODAY)

        assert self.known(area, "primary-care").value == 1

    def test_written_again_it_changes_nothing_and_earlier_days_stay(self, area):
        practice = PracticeFactory(partnership=area)
        assert write_primary_care_evidence(on=TODAY) == 1
        assert write_primary_care_evidence(on=TODAY) == 0
        whole_spectrum(practice)

        assert write_primary_care_evidence(on=TODAY + dt.timedelta(days=1)) == 1

        assert [int(one.value) for one in Evidence.objects.order_by("as_at")] == [0, 1]

    def test_all_partnerships_take_as_many_statements_as_one(
        self, django_assert_num_queries, area
    ):
        SchemeMemberFactory(scheme__partnership=area)
        with django_assert_num_queries(6):
            standings(on=TODAY, rules=DEFAULTS)

        for _ in range(5):
            whole_spectrum(SchemeMemberFactory().provider.practice)

        with django_assert_num_queries(6):
            standings(on=TODAY, rules=DEFAULTS)


class TestGaps:
    def gaps(self, area):
        return gaps_of(on=TODAY, rules=DEFAULTS, partnerships=[area.pk])[0].sentences

    @pytest.fixture
    def area(self):
        return PartnershipFactory(latitude=Decimal("54.96"), longitude=Decimal("-1.60"))

    def test_a_partnership_without_anything_lacks_everything(self, area):
        assert self.gaps(area) == [
            "No detoxification within 30 miles",
            "No shared care",
            "No service opens in the evening",
            "No service opens at the weekend",
        ]

    def test_what_is_there_is_no_gap(self, area):
        service = ServiceFactory(
            site__partnership=area,
            site__latitude=Decimal("54.78"),
            site__longitude=Decimal("-1.57"),
            has_detox_attached=True,
        )
        HoursFactory(service=service, closes=dt.time(20))
        HoursFactory(service=service, weekday=5)
        SchemeMemberFactory(scheme__partnership=area)

        assert self.gaps(area) == []

    def test_the_nearest_detoxification_is_told_where_it_is_too_far(self, area):
        DeliveredFactory(
            service__site__latitude=Decimal("53.80"),
            service__site__longitude=Decimal("-1.55"),
            intervention__code="inpatient",
            setting="general-ward",
        )

        assert self.gaps(area)[0] == (
            "No detoxification within 30 miles; the nearest is 80 miles away"
        )

    def test_a_service_elsewhere_counts_where_its_catchment_names_the_area(self, area):
        service = HoursFactory(closes=dt.time(20)).service
        assert "No service opens in the evening" in self.gaps(area)

        service.catchment.add(area)

        assert "No service opens in the evening" not in self.gaps(area)

    def test_all_partnerships_are_one_statement(self, django_assert_num_queries, area):
        PartnershipFactory()
        with django_assert_num_queries(1):
            assert len(gaps_of(on=TODAY, rules=DEFAULTS)) == 2


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (dt.date(2007, 2, 15), 12, dt.date(2006, 2, 15)),
        (dt.date(2008, 2, 29), 12, dt.date(2007, 2, 28)),
        (dt.date(2007, 3, 31), 1, dt.date(2007, 2, 28)),
    ],
)
def test_months_before_a_day_end_on_a_day_there_is(day, months, before):
    assert months_before(day, months) == before


class TestPages:
    @pytest.fixture(autouse=True)
    def signed_in(self, client, commissioner, settings):
        settings.BUSINESS_DAY = TODAY
        RuleSetFactory()
        client.force_login(commissioner)

    def test_the_page_names_missing_levels_and_overdue_reviews(self, client, area):
        practice = PracticeFactory(partnership=area)
        PrescriberFactory(provider=practice.provider, level="CORE")
        SchemeFactory(partnership=area, review_by=dt.date(2007, 1, 1))

        page = client.get(f"/partnership/{area.code}/primary-care/")

        words, tone = page.context["verdict"]
        assert words.startswith("Missing: Doctor providing enhanced services")
        assert tone == "bad"
        assert page.context["schemes"][0].standing == "Review overdue"

    def test_it_asks_as_often_whatever_it_holds(self, client, area):
        address = f"/partnership/{area.code}/primary-care/"
        SchemeMemberFactory(scheme__partnership=area)
        assert_counted(client, "primary care", address)

        for _ in range(4):
            member = SchemeMemberFactory(scheme__partnership=area)
            whole_spectrum(member.provider.practice)

        assert_counted(client, "primary care", address)

    def test_a_scheme_is_started_joined_reviewed_and_ended(self, client, area):
        practice = PracticeFactory(partnership=area)
        base = f"/partnership/{area.code}/primary-care/shared-care/"

        def day(name, on):
            return {f"{name}_0": on.day, f"{name}_1": on.month, f"{name}_2": on.year}

        client.post(
            f"{base}add/",
            {"name": "Main scheme", "revision": 1, **day("review_by", dt.date(2007, 6, 1))},
        )
        scheme = SharedCareScheme.objects.get()
        client.post(
            f"{base}main-scheme/practices/add/",
            {"provider": practice.provider.pk, **day("on", TODAY)},
        )
        client.post(
            f"{base}main-scheme/review/",
            {"found": "Two GPs left.", **day("on", TODAY),
             **day("review_by", dt.date(2008, 2, 1))},
        )  # fmt: skip
        page = client.get(f"{base}main-scheme/").content.decode()
        assert "Two GPs left." in page
        assert str(practice.provider) in page
        client.post(
            f"{base}main-scheme/practices/{practice.provider.code}/leave/",
            day("on", dt.date(2007, 3, 1)),
        )
        client.post(
            f"{base}main-scheme/end/", {"reason": "Merged.", **day("on", dt.date(2007, 4, 1))}
        )

        scheme.refresh_from_db()
        assert (scheme.reviewed_on, scheme.ended_on) == (TODAY, dt.date(2007, 4, 1))
        assert scheme.members.get().left_on == dt.date(2007, 3, 1)

    def test_a_review_to_come_is_refused(self, client, area):
        scheme = SchemeFactory(partnership=area)

        page = client.post(
            f"/partnership/{area.code}/primary-care/shared-care/{scheme.slug}/review/",
            {"found": "x", "on_0": 16, "on_1": 2, "on_2": 2007,
             "review_by_0": 1, "review_by_1": 1, "review_by_2": 2008},
        )  # fmt: skip

        assert "it is still to come" in page.content.decode()


class TestNamingAPractice:
    """By the code of a provider that stands here already."""

    @pytest.fixture
    def named(self, client, area, commissioner):
        def post(code):
            client.force_login(commissioner)
            return client.post(
                reverse("providers:practice-add", args=[area.code]),
                {"provider": code, "contract_kind": "LES"},
            )

        return post

    def test_the_area_names_a_provider_by_its_code_in_capitals_or_not(self, named, area):
        provider = ProviderFactory()

        answer = named(provider.code.upper())

        assert answer.status_code == 302
        assert provider.practice.partnership == area

    def test_what_to_do_where_no_provider_has_the_code(self, named):
        words = named("nowhere").content.decode()

        assert "No provider has the code “nowhere”" in words
        assert "Ask an administrator of this service to add the practice" in words

    def test_a_practice_of_another_area_is_said_to_be_one(self, named):
        practice = PracticeFactory()

        words = named(practice.provider.code).content.decode()

        assert f"is a practice of {practice.partnership} already" in words
