"""Each indicator at the edges of its definition and of its period, and that nobody is left out.

That its counts agree with the slow and obvious way everywhere is in `test_agreement`.
"""

import dataclasses
import datetime as dt
import re

import pytest

from commissioning.kernel.periods import Period
from commissioning.rule_settings import DEFAULTS, setting_of
from commissioning.scoping import System
from pathways.models import Episode, Modality
from pathways.services.journeys import rebuild_all_journeys
from reporting.choices import AreaKind
from reporting.engine.printing import PLACEHOLDER, printed_query
from reporting.indicators import declared, families
from reporting.indicators.declared import Form, Indicator
from reporting.indicators.in_force import IN_FORCE, UnknownIndicator, indicator_of
from reporting.models import WaitDistribution
from reporting.selectors.areas import area_of
from reporting.selectors.figures import Figures
from reporting.services.refresh import refresh_everything
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.providers import AgencyFactory
from tests.factories.reporting import modality, rules

MAY = Period.parse("2006-05")
FIRST = dt.date(2006, 5, 1)
LAST = dt.date(2006, 5, 31)


def days(number):
    return dt.timedelta(days=number)


def waited(number, *, began=dt.date(2006, 5, 15), **values):
    """Started in May after a wait of so many days."""
    return modality(
        referred_on=began - days(max(number, 0)),
        first_offered_on=began - days(max(number, 0)) + days(number),
        started_on=began,
        **values,
    )


def subsequent(number, **values):
    """A second intervention of a treatment begun in April, waited for so many days."""
    first = waited(1, began=dt.date(2006, 4, 1), **values)
    began = dt.date(2006, 5, 15)
    return Modality.objects.create(
        episode=first.episode,
        ref="M2",
        kind=4,
        referred_on=began - days(number),
        first_offered_on=began,
        started_on=began,
    )


def journey(*, began=dt.date(2006, 5, 15), lasted=None, reason=""):
    ended = began + days(lasted) if lasted is not None else None
    return waited(0, began=began, discharged_on=ended, discharge_reason=reason)


def left(*, on=dt.date(2006, 5, 15), stayed=30, reason="2", **values):
    began = on - days(stayed)
    return waited(0, began=began, discharged_on=on, discharge_reason=reason, **values)


PREGNANT = {"pregnant": "Y"}
JUSTICE = {"referral_source": "5"}
CRACK = {"main_drug": "3201"}

# What is recorded, and what the indicator makes of it in May 2006: numerator and denominator.
EDGES = {
    "WAIT-FIRST": [
        (lambda: waited(21), (1, 1)),
        (lambda: waited(22), (0, 1)),
        (lambda: waited(0), (1, 1)),
        (lambda: waited(-1), (0, 0)),
        (lambda: waited(5, **JUSTICE), (0, 0)),
        (lambda: waited(5, age_at_triage=17), (0, 0)),
        (lambda: waited(5, main_drug="7000"), (0, 0)),
        (lambda: waited(5, agency=AgencyFactory(is_prison=True)), (0, 0)),
        (lambda: waited(5, kind=7), (0, 0)),
        (lambda: subsequent(5), (0, 0)),
    ],
    "WAIT-FIRST-ALL": [
        (lambda: waited(21, **JUSTICE), (1, 1)),
        (lambda: waited(22, **JUSTICE), (0, 1)),
    ],
    "WAIT-FIRST-PREGNANT": [
        (lambda: waited(14, **PREGNANT), (1, 1)),
        (lambda: waited(15, **PREGNANT), (0, 1)),
        (lambda: waited(5), (0, 0)),
    ],
    "WAIT-FIRST-CJ": [
        (lambda: waited(14, **JUSTICE), (1, 1)),
        (lambda: waited(15, **JUSTICE), (0, 1)),
        (lambda: waited(5), (0, 0)),
    ],
    "WAIT-FIRST-STIMULANT": [
        (lambda: waited(14, **CRACK), (1, 1)),
        (lambda: waited(15, **CRACK), (0, 1)),
        (lambda: waited(5), (0, 0)),
    ],
    "WAIT-NEXT": [
        (lambda: subsequent(21), (1, 1)),
        (lambda: subsequent(22), (0, 1)),
        (lambda: subsequent(5, **JUSTICE), (0, 0)),
        (lambda: waited(5), (0, 0)),
    ],
    "WAIT-NEXT-ALL": [
        (lambda: subsequent(21, **JUSTICE), (1, 1)),
        (lambda: subsequent(22), (0, 1)),
    ],
    "WAIT-NEXT-PREGNANT": [
        (lambda: subsequent(14, **PREGNANT), (1, 1)),
        (lambda: subsequent(15, **PREGNANT), (0, 1)),
    ],
    "WAIT-NEXT-CJ": [
        (lambda: subsequent(14, **JUSTICE), (1, 1)),
        (lambda: subsequent(15, **JUSTICE), (0, 1)),
    ],
    "WAIT-NEXT-STIMULANT": [
        (lambda: subsequent(14, **CRACK), (1, 1)),
        (lambda: subsequent(15, **CRACK), (0, 1)),
    ],
    "WAIT-LONG": [
        (lambda: waited(41), (0, 1)),
        (lambda: waited(42), (1, 1)),
    ],
    "WAITING-OPEN": [
        (lambda: modality(referred_on=LAST), (1, 1)),
        (lambda: modality(referred_on=FIRST, first_offered_on=LAST), (0, 0)),
        (lambda: modality(referred_on=FIRST, first_offered_on=LAST + days(1)), (1, 1)),
        (lambda: modality(referred_on=FIRST, discharged_on=LAST), (0, 0)),
        (lambda: modality(referred_on=FIRST, discharged_on=LAST + days(1)), (1, 1)),
        (lambda: modality(referred_on=FIRST, started_on=LAST), (0, 0)),
    ],
    "WAITING-FIRST": [
        (lambda: modality(referred_on=FIRST), (1, 1)),
        (lambda: _asked_again(after=20), (0, 0)),
        (lambda: _asked_again(after=21), (1, 1)),
    ],
    "WAITING-LONG": [
        (lambda: modality(referred_on=LAST - days(41)), (0, 0)),
        (lambda: modality(referred_on=LAST - days(42)), (1, 1)),
    ],
    "WAITING-OFFERED": [
        (lambda: modality(referred_on=FIRST, first_offered_on=LAST), (1, 1)),
        (lambda: modality(referred_on=FIRST, first_offered_on=FIRST, started_on=LAST), (0, 0)),
    ],
    "IN-TREATMENT": [
        (lambda: journey(began=LAST), (1, 1)),
        (lambda: journey(began=LAST + days(1)), (0, 0)),
        (lambda: left(on=FIRST), (1, 1)),
        (lambda: left(on=FIRST - days(1)), (0, 0)),
    ],
    "NEW-JOURNEYS": [
        (journey, (1, 1)),
        (lambda: modality(referred_on=FIRST), (0, 0)),
    ],
    "RET-NEW": [
        (journey, (1, 1)),
        (lambda: journey(lasted=84), (1, 1)),
        (lambda: journey(lasted=83), (0, 1)),
        (lambda: journey(lasted=83, reason="2"), (0, 1)),
    ],
    "RET-EFFECTIVE": [
        (lambda: journey(lasted=84, reason="6"), (1, 1)),
        (lambda: journey(lasted=83, reason="2"), (1, 1)),
        (lambda: journey(lasted=83, reason="6"), (0, 1)),
    ],
    "RET-DISCHARGED": [
        (lambda: left(stayed=84), (1, 1)),
        (lambda: left(stayed=83), (0, 1)),
    ],
    "EXIT-PLANNED-2006": [
        (lambda: left(reason="1"), (1, 1)),
        (lambda: left(reason="5"), (1, 1)),
        (lambda: left(reason="7"), (0, 1)),
        (lambda: left(reason="13"), (0, 0)),
        (lambda: left(reason=""), (0, 0)),
    ],
    "EXIT-PLANNED-2009": [
        (lambda: left(reason="2"), (1, 1)),
        (lambda: left(reason="5"), (0, 1)),
        (lambda: left(reason="13"), (0, 0)),
    ],
    "CARE-PLAN": [
        (lambda: waited(1, care_planned_on=dt.date(2006, 5, 29)), (1, 1)),
        (lambda: waited(1, care_planned_on=dt.date(2006, 5, 30)), (0, 1)),
        (lambda: waited(1), (0, 1)),
    ],
    "TIER4-COMPLETED": [
        (lambda: left(kind=1), (1, 1)),
        (lambda: left(kind=6, reason="6"), (0, 1)),
        (lambda: left(kind=2), (0, 0)),
        (lambda: left(kind=6, reason="13"), (0, 0)),
    ],
    "REFERRAL-SELF": [
        (lambda: waited(1, referral_source="4"), (1, 1)),
        (lambda: waited(1, referral_source="3"), (0, 1)),
    ],
    "REFERRAL-GP": [
        (lambda: waited(1, referral_source="3"), (1, 1)),
        (lambda: waited(1, referral_source="4"), (0, 1)),
    ],
    "REFERRAL-DRUG-SERVICE": [
        (lambda: waited(1, referral_source="1"), (1, 1)),
        (lambda: waited(1, referral_source="4"), (0, 1)),
    ],
    "REFERRAL-CJ": [
        (lambda: waited(1, **JUSTICE), (1, 1)),
        (lambda: waited(1, referral_source="4"), (0, 1)),
    ],
}
# Of three waits of 2, 4 and 30 days, for each way to say how long people wait.
LENGTHS = {
    "WAIT-MEAN": 12,
    "WAIT-MEDIAN": 4,
    "WAIT-P90": 30,
    "WAIT-LONGEST": 30,
    "WAIT-MEAN-ALL": 12,
    "WAIT-MEDIAN-ALL": 4,
    "WAIT-P90-ALL": 30,
    "WAIT-LONGEST-ALL": 30,
    "WAIT-NEXT-MEAN": 12,
    "WAIT-NEXT-MEDIAN": 4,
}


def _asked_again(*, after):
    """An intervention asked for so many days after a treatment has ended, and not offered."""
    ended = dt.date(2006, 5, 1)
    earlier = left(on=ended)
    return modality(
        referred_on=ended + days(after),
        agency=earlier.episode.agency,
        person=earlier.episode.person,
    )


def refresh():
    rebuild_all_journeys(rule_set=rules())
    refresh_everything(cause="test")


def shown_at_home(indicator, one, period=MAY):
    """What is shown of the partnership of one record to who belongs everywhere."""
    area = area_of(AreaKind.PARTNERSHIP, one.episode.partnership.code)
    return Figures.exact(System("a test")).figure(indicator, area, period)


def counts_shown(indicator, one):
    figure = shown_at_home(indicator, one)
    return figure.numerator.value, figure.denominator.value


@pytest.mark.django_db
def test_every_indicator_holds_at_the_edges_of_its_definition():
    """Each case has a partnership of its own, so that one measurement tells of all."""
    recorded = [
        (code, number, case(), counts)
        for code, cases in EDGES.items()
        for number, (case, counts) in enumerate(cases)
    ]

    refresh()

    found = {
        (code, number): counts_shown(IN_FORCE[code], one) for code, number, one, _ in recorded
    }
    assert found == {(code, number): counts for code, number, _, counts in recorded}


@pytest.mark.django_db
def test_every_length_of_wait_is_exact():
    homes = {}
    for code in LENGTHS:
        make, agency = subsequent if "NEXT" in code else waited, AgencyFactory()
        *_, homes[code] = [make(number, agency=agency) for number in (2, 4, 30)]

    refresh()

    figures = {code: shown_at_home(IN_FORCE[code], one) for code, one in homes.items()}
    assert {code: figure.value.value for code, figure in figures.items()} == LENGTHS
    assert {figure.denominator.value for figure in figures.values()} == {3}


# Something that each indicator counts, dated by the day.
DATED = {
    "waits": lambda day: waited(3, began=day),
    "waiting": None,  # a stock: its edge is the last day itself, above
    "journeys": lambda day: journey(began=day),
    "exits": lambda day: left(on=day),
    "treatment": None,  # its edges are those of the definition, above
}
DATED_OTHERWISE = {
    "CARE-PLAN": lambda day: waited(3, began=day),
    "TIER4-COMPLETED": lambda day: left(on=day, kind=6),
    "RET-DISCHARGED": lambda day: left(on=day),
    **dict.fromkeys(
        [code for code in IN_FORCE if code.startswith("REFERRAL")],
        lambda day: waited(3, began=day),
    ),
}


def dated(indicator):
    code, family = indicator.code, indicator.family.code
    return DATED_OTHERWISE[code] if family == "episodes" else DATED[family]


@pytest.mark.django_db
def test_every_indicator_holds_at_the_edges_of_its_period():
    days_and_counts = {FIRST - days(1): 0, FIRST: 1, LAST: 1, LAST + days(1): 0}
    codes = [code for code, one in IN_FORCE.items() if dated(one) and "NEXT" not in code]
    recorded = {}
    for code in codes:
        for day in days_and_counts:
            recorded[code, day] = one = dated(IN_FORCE[code])(day)
            if code.endswith(("-PREGNANT", "-CJ", "-STIMULANT")) and code.startswith("WAIT"):
                Episode.objects.filter(pk=one.episode_id).update(
                    pregnant="Y", referral_source="5", main_drug="3201"
                )

    refresh()

    found = {key: counts_shown(IN_FORCE[key[0]], one)[1] for key, one in recorded.items()}
    assert len(found) > 80
    assert found == {(code, day): days_and_counts[day] for code, day in recorded}


@pytest.mark.django_db
def test_a_partnership_with_nobody_is_there_in_a_constant_number_of_queries(
    django_assert_max_num_queries,
):
    for _ in range(3):
        waited(4)
    nobody = PartnershipFactory()
    AgencyFactory(partnership=nobody)
    refresh()
    lead = UserFactory(lead_of=nobody)

    for indicator in IN_FORCE.values():
        with django_assert_max_num_queries(6):
            found = Figures.exact(lead).across_areas(indicator, MAY, AreaKind.PARTNERSHIP)

        assert len(found) == 4
        assert nobody.code in {figure.area.code for figure in found}


class TestDeclarations:
    @pytest.mark.parametrize(
        ("code", "differs", "sentence"),
        [
            ("RET-NEW", {}, "those that lasted twelve weeks or longer from triage"),
            ("RET-NEW", {"retention_days": 182}, "those that lasted 26 weeks or longer from"),
            ("RET-DISCHARGED", {"retention_days": 100}, "discharged 100 days or longer after"),
            ("WAITING-LONG", {"long_wait_days": 28}, "that had lasted four weeks or longer by"),
            ("WAIT-LONG", {}, "First waits that came to six weeks or longer, of all"),
        ],
    )
    def test_a_definition_gives_the_lengths_of_time_that_the_rules_give(
        self, code, differs, sentence
    ):
        rules = dataclasses.replace(DEFAULTS, **differs)

        assert sentence in " ".join(IN_FORCE[code].definition(rules).split())

    def test_no_other_words_of_a_declaration_name_a_length_of_the_rules(self):
        for indicator in IN_FORCE.values():
            said = [
                *(indicator.title, indicator.numerator_words, indicator.denominator_words),
                *(indicator.why_it_matters, indicator.good_looks_like),
            ]
            assert not re.search(r"\bweeks?\b", " ".join(said)), indicator.code

    @pytest.mark.parametrize("indicator", IN_FORCE.values(), ids=IN_FORCE)
    def test_say_everything_a_definition_page_shows(self, indicator):
        assert len(indicator.definition(DEFAULTS)) > 40
        assert indicator.definition(DEFAULTS) != (Indicator.__doc__ or "")
        for words in ("title", "numerator_words", "source", "mark", "why_it_matters",
                      "good_looks_like", "unit", "author", "checker"):  # fmt: skip
            assert getattr(indicator, words)
        assert indicator.settings
        for name in filter(
            None,
            [*indicator.settings, indicator.target_setting, indicator.headline_years_setting],
        ):
            assert setting_of(name).label

    @pytest.mark.parametrize("indicator", IN_FORCE.values(), ids=IN_FORCE)
    def test_name_columns_their_family_counts(self, indicator):
        held = indicator.family.everything_counted()
        named = {
            indicator.numerator,
            indicator.denominator,
            indicator.not_yet_known,
            indicator.provisional,
            *indicator.reasons_left_out(),
            *indicator.beside,
        } - {""}

        assert named <= held.keys()
        assert (indicator.form is Form.COUNT) == (not indicator.denominator)
        if indicator.turn:
            assert indicator.whose in {field.name for field in WaitDistribution._meta.fields}

    def test_no_declaration_is_forgotten(self):
        declaring = set(IN_FORCE.values())
        everything = _subclasses(Indicator)
        published = {one for one in everything if "code" in vars(one)}

        assert published == declaring
        assert len({one.code for one in declaring}) == len(declaring)
        assert len({one.title for one in declaring}) == len(declaring)

    def test_every_family_counts_into_the_columns_of_its_table_and_no_others(self):
        for family in families.FAMILIES.values():
            columns = {field.name for field in family.results._meta.fields}
            key = {"pk", "rule_set", "area_kind", "area_code", "grain", "start", "breakdown",
                   "value"}  # fmt: skip
            assert columns - key == set(family.everything_counted())

    def test_an_unknown_code_is_refused_by_name(self):
        with pytest.raises(UnknownIndicator, match="WAIT-NEVER"):
            indicator_of("WAIT-NEVER")
        assert indicator_of("wait-first") is IN_FORCE["WAIT-FIRST"]


def _subclasses(of):
    return {
        one
        for direct in of.__subclasses__()
        if direct.__module__.startswith(declared.__package__)
        for one in (direct, *_subclasses(direct))
    }


@pytest.mark.parametrize("family", families.FAMILIES.values(), ids=families.FAMILIES)
def test_the_exact_query_can_be_printed_with_the_values_of_a_rule_set(family):
    printed = printed_query(family, DEFAULTS)

    assert not PLACEHOLDER.search(printed)
    assert "pathways_episode" in printed
    assert "loaded_at <= :since" in printed


def test_the_query_of_waits_names_no_number_of_the_definition():
    assert "<= 21" in printed_query(families.FAMILIES["waits"], DEFAULTS)
    for family in families.ADDITIVE.values():
        for number in ("21", "42", "84", "7000"):
            assert f" {number}" not in family.statement()
