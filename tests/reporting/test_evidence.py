"""What plans are told of results: the released figures, dated, and never rewritten."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.kernel.periods import Period
from commissioning.models import Evidence
from commissioning.reference.evidence import EvidenceName
from commissioning.scoping import System
from commissioning.services.jobs import run_outstanding
from pathways.services.journeys import rebuild_all_journeys
from reporting.choices import AreaKind
from reporting.indicators.in_force import IN_FORCE
from reporting.models import EpisodeResult, MeasuredPeriod
from reporting.selectors.areas import ENGLAND, area_of
from reporting.selectors.figures import Figures
from reporting.services.evidence import write_evidence
from reporting.services.refresh import ask_for_refresh, refresh_everything
from tests.factories.commissioning import NationFactory, PartnershipFactory, RegionFactory
from tests.factories.providers import AgencyFactory
from tests.factories.reporting import loaded_return, modality, rules

pytestmark = pytest.mark.django_db

FIRST, SECOND = dt.date(2007, 2, 5), dt.date(2007, 2, 6)
YEAR, LAST_MONTH = Period.parse("FY2006"), Period.parse("2007-01")
CODES = {
    EvidenceName.IN_TREATMENT: "IN-TREATMENT",
    EvidenceName.FIRST_WAITS: "WAIT-FIRST",
    EvidenceName.RETAINED: "RET-NEW",
    EvidenceName.PLANNED_EXITS: "EXIT-PLANNED-2006",
    EvidenceName.CARE_PLANS: "CARE-PLAN",
}


def treated(agency, how_many, *, left=0, days=10, **values):
    """People who start in June; the first `left` of them are discharged in September."""
    began = dt.date(2006, 6, 20)
    for number in range(how_many):
        gone = dt.date(2006, 9, 20) if number < left else None
        words = {"discharged_on": gone, "discharge_reason": "2"} if gone else {}
        modality(
            agency,
            referred_on=began - dt.timedelta(days=days),
            first_offered_on=began,
            started_on=began,
            **values,
            **words,
        )


def measure():
    rebuild_all_journeys(rule_set=rules())
    refresh_everything(cause="test")


@pytest.fixture
def region():
    return RegionFactory()


@pytest.fixture
def agency(region):
    NationFactory()
    agency = AgencyFactory(partnership=PartnershipFactory(region=region))
    treated(agency, 43, left=12)
    treated(agency, 5, days=30)
    measure()
    return agency


def held(subject, name, period):
    rows = Evidence.objects.filter(subject=subject, name=name, period=period.code)
    return rows.order_by("as_at").last()


def test_evidence_is_the_exact_and_the_released_figure_of_every_area(agency, region):
    write_evidence(on=FIRST)

    home = area_of(AreaKind.PARTNERSHIP, agency.partnership.code)
    places = [
        (home, agency.partnership.organisation),
        (area_of(AreaKind.REGION, region.code), region),
        (ENGLAND, NationFactory()),
    ]
    released = Figures.released()
    for area, subject in places:
        for name, code in CODES.items():
            fact = held(subject, name, YEAR)
            shown = released.figure(IN_FORCE[code], area, YEAR)
            if name == EvidenceName.PLANNED_EXITS:
                assert (fact.value, fact.numerator, fact.denominator) == (12, 12, 12)
                assert (fact.shown_value is None) == (shown.rate is None)
            elif shown.indicator.denominator:
                assert fact.value == round(Decimal(fact.numerator) / fact.denominator, 4)
                assert (fact.shown_value is None) == (shown.rate is None)
                if shown.rate is not None:
                    assert float(fact.shown_value) == pytest.approx(shown.rate, abs=1e-4)
                    assert fact.shown_numerator == shown.numerator.value
                    assert fact.shown_denominator == shown.denominator.value
            else:
                assert (fact.value, fact.shown_value) == (48, shown.value.value)
    waits = held(agency.partnership.organisation, EvidenceName.FIRST_WAITS, YEAR)
    assert (waits.numerator, waits.denominator) == (43, 48)
    assert (waits.shown_numerator, waits.shown_denominator) == (45, 50)


def test_who_left_was_treated_in_the_year_and_not_in_its_last_month(agency):
    write_evidence(on=FIRST)

    now = held(agency.partnership.organisation, EvidenceName.IN_TREATMENT, LAST_MONTH)
    gone = held(agency.partnership.organisation, EvidenceName.LEFT_TREATMENT, YEAR)
    assert (now.value, gone.value) == (36, 12)
    assert (now.shown_value, gone.shown_value) == (35, 10)


def test_few_people_are_held_back_from_others_and_known_to_their_own(region):
    NationFactory()
    agency = AgencyFactory(partnership=PartnershipFactory(region=region))
    treated(agency, 6, left=3)
    measure()

    write_evidence(on=FIRST)

    subject = agency.partnership.organisation
    for name, value in [(EvidenceName.IN_TREATMENT, 6), (EvidenceName.LEFT_TREATMENT, 3)]:
        fact = held(subject, name, YEAR)
        assert (fact.value, fact.shown_value) == (value, None)
    assert held(subject, EvidenceName.FIRST_WAITS, YEAR).shown_denominator is None


def test_people_in_treatment_are_known_by_the_groups_that_figures_are_split_by(agency):
    for sex, how_many in (("1", 12), ("2", 7)):
        treated(agency, how_many, sex=sex)
    measure()

    write_evidence(on=FIRST)

    exact = Figures.exact(System("a test"))
    home = area_of(AreaKind.PARTNERSHIP, agency.partnership.code)
    by_sex = dict(exact.broken_down(IN_FORCE["IN-TREATMENT"], home, YEAR, "sex"))
    subject = agency.partnership.organisation
    for name, label in (("treated-women", "Women"), ("treated-men", "Men")):
        fact = held(subject, name, YEAR)
        assert fact.value == by_sex[label].value.value
        assert label.lower() in fact.source
    women, men = (held(subject, f"treated-{one}", YEAR).value for one in ("women", "men"))
    assert (women, men) == (7, 12)
    names = set(Evidence.objects.filter(subject=subject).values_list("name", flat=True))
    assert {name for name in EvidenceName if name.startswith("treated-")} <= names


def test_the_source_names_the_figure_its_period_the_rules_and_the_reach(agency):
    write_evidence(on=FIRST)

    fact = held(agency.partnership.organisation, EvidenceName.RETAINED, YEAR)

    assert fact.source == (
        f"Retained in treatment, of new journeys, 2006/07; rules {rules()}; "
        "returns to 31 January 2007"
    )
    assert fact.as_at == FIRST


def test_an_area_with_nobody_is_nought_and_one_no_rule_measures_is_not_there(agency, region):
    empty = AgencyFactory(partnership=PartnershipFactory(region=region))
    loaded_return(empty)

    write_evidence(on=FIRST)

    subject = empty.partnership.organisation
    assert held(subject, EvidenceName.IN_TREATMENT, YEAR).value == 0
    assert held(subject, EvidenceName.CARE_PLANS, YEAR) is None


def test_the_same_figures_again_write_nothing(agency):
    assert write_evidence(on=FIRST) > 0

    assert write_evidence(on=FIRST) == 0
    assert write_evidence(on=SECOND) == 0


def test_what_changed_is_a_row_of_its_day_and_the_earlier_day_stays(agency):
    write_evidence(on=FIRST)
    before = held(agency.partnership.organisation, EvidenceName.IN_TREATMENT, YEAR)
    treated(agency, 10)
    measure()

    write_evidence(on=SECOND)

    days = Evidence.objects.filter(
        subject=agency.partnership.organisation, name=EvidenceName.IN_TREATMENT, period="FY2006"
    ).order_by("as_at")
    assert [(one.as_at, one.value) for one in days] == [(FIRST, 48), (SECOND, 58)]
    assert days[0].pk == before.pk
    as_it_was = Evidence.objects.known_on(FIRST).get(pk=before.pk)
    assert as_it_was.value == 48


def test_a_second_change_of_a_day_is_the_same_row(agency):
    write_evidence(on=FIRST)
    treated(agency, 10)
    measure()

    write_evidence(on=FIRST)

    facts = Evidence.objects.filter(name=EvidenceName.IN_TREATMENT, period="FY2006")
    assert facts.get(subject=agency.partnership.organisation).value == 58


class TestWhatIsNoLongerMeasured:
    """What the results stop giving is not known any more from the day on; before, it was."""

    @pytest.fixture
    def home(self, agency):
        write_evidence(on=FIRST)
        return agency.partnership.organisation

    @pytest.fixture
    def emptied(self, home):
        """Nobody began treatment any more: there is no share of care plans."""
        assert held(home, EvidenceName.CARE_PLANS, YEAR).value is not None
        EpisodeResult.objects.all().delete()
        return home

    def test_is_marked_with_the_day_and_the_reason(self, emptied):
        assert write_evidence(on=SECOND) > 0

        fact = held(emptied, EvidenceName.CARE_PLANS, YEAR)
        assert (fact.as_at, fact.value, fact.numerator, fact.shown_value) == (
            SECOND, None, None, None,
        )  # fmt: skip
        assert fact.source == "the results no longer give it; returns to 31 January 2007"
        assert Evidence.objects.known_on(FIRST).get(
            subject=emptied, name=EvidenceName.CARE_PLANS, period="FY2006"
        ).value is not None  # fmt: skip
        assert held(emptied, EvidenceName.IN_TREATMENT, YEAR).value == 48

    def test_is_marked_once(self, emptied):
        write_evidence(on=SECOND)

        assert write_evidence(on=SECOND) == 0
        assert write_evidence(on=SECOND + dt.timedelta(days=1)) == 0

    def test_is_marked_in_the_row_of_the_same_day(self, emptied):
        write_evidence(on=FIRST)

        facts = Evidence.objects.filter(
            subject=emptied, name=EvidenceName.CARE_PLANS, period="FY2006"
        )
        assert [one.value for one in facts] == [None]

    def test_is_known_again_once_it_is_measured_again(self, emptied):
        write_evidence(on=SECOND)
        measure()

        write_evidence(on=SECOND)

        assert held(emptied, EvidenceName.CARE_PLANS, YEAR).value is not None

    def test_so_are_periods_of_which_nothing_is_measured(self, home):
        MeasuredPeriod.objects.all().delete()

        write_evidence(on=SECOND)

        latest = Evidence.objects.known_on(SECOND)
        assert {one.value for one in latest} == {None}
        assert {one.source for one in latest} == {
            "the results no longer give it; no return is measured"
        }

    def test_older_periods_that_are_still_measured_stay(self, agency):
        began = dt.date(2003, 6, 1)
        modality(agency, referred_on=began, first_offered_on=began, started_on=began)
        measure()
        write_evidence(on=FIRST, every_year=True)

        write_evidence(on=SECOND)

        assert held(agency.partnership.organisation, "in-treatment", Period.parse("FY2003")).value

    def test_what_others_wrote_stays(self, emptied):
        other = Evidence.objects.create(
            subject=emptied, name="shared-care", value=1, as_at=FIRST, source="A review"
        )

        write_evidence(on=SECOND)

        assert Evidence.objects.known_on(SECOND).filter(name="shared-care").get() == other


def test_every_year_is_written_when_asked(agency):
    began = dt.date(2003, 6, 1)
    modality(agency, referred_on=began, first_offered_on=began, started_on=began)
    measure()

    write_evidence(on=FIRST)
    few = set(Evidence.objects.values_list("period", flat=True))
    write_evidence(on=FIRST, every_year=True)
    all_of_them = set(Evidence.objects.values_list("period", flat=True))

    assert few == {"FY2005", "FY2006", "2006-03", "2007-01", "2006-Q3"}
    assert all_of_them - few == {"FY2003", "FY2004", "2004-03", "2005-03"}


def test_the_number_of_questions_does_not_grow_with_areas(agency, django_assert_max_num_queries):
    for _ in range(5):
        PartnershipFactory()

    with django_assert_max_num_queries(22):
        write_evidence(on=FIRST, every_year=True)


def test_nothing_measured_is_nothing_written():
    assert write_evidence(on=FIRST) == 0
    assert not Evidence.objects.exists()


def test_the_job_that_measures_everything_also_writes_what_plans_must_know(agency):
    ask_for_refresh(cause="a night", by=System("a test"))

    run_outstanding("reporting")

    assert Evidence.objects.filter(subject=agency.partnership.organisation).exists()
