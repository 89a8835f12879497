"""People in treatment by the groups whose needs plans look at by themselves.

Only groups by which figures are split: sex, age at triage, ethnic group and priority group. Who is
young or older is the first or the last age band of the rules.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from commissioning.kernel.periods import Period
from commissioning.reference.evidence import EvidenceName
from commissioning.rule_settings import PriorityGroup, RuleSettings
from reporting.indicators.breakdowns import AGE, BREAKDOWNS, ETHNIC, PRIORITY, SEX
from reporting.indicators.treatment import NumbersInTreatment
from reporting.selectors.areas import Area
from reporting.selectors.figures import Figures


@dataclass(frozen=True)
class Group:
    """The values of a breakdown that make a group, by the rules."""

    breakdown: str
    values: Callable[[RuleSettings], Sequence[str]]


@dataclass(frozen=True)
class Treated:
    """So many of a group were in treatment in an area and period; `label` says who they are."""

    area: Area
    name: EvidenceName
    period: Period
    label: str
    people: int


def _always(*values: str) -> Callable[[RuleSettings], Sequence[str]]:
    return lambda _rules: values


GROUPS: Mapping[EvidenceName, Group] = {
    EvidenceName.TREATED_WOMEN: Group(SEX.code, _always("female")),
    EvidenceName.TREATED_MEN: Group(SEX.code, _always("male")),
    EvidenceName.TREATED_YOUNG: Group(AGE.code, lambda rules: [*rules.age_bands][:1]),
    EvidenceName.TREATED_OLDER: Group(AGE.code, lambda rules: [*rules.age_bands][-1:]),
    EvidenceName.TREATED_MINORITY_ETHNIC: Group(
        ETHNIC.code, _always("mixed", "asian", "black", "other")
    ),
    EvidenceName.TREATED_STIMULANT: Group(PRIORITY.code, _always(PriorityGroup.STIMULANT)),
    EvidenceName.TREATED_PREGNANT: Group(PRIORITY.code, _always(PriorityGroup.PREGNANT)),
    EvidenceName.TREATED_OFFENDERS: Group(PRIORITY.code, _always(PriorityGroup.CRIMINAL_JUSTICE)),
}


def treated_by_group(
    exact: Figures, *, of: Sequence[Area], periods: Sequence[Period]
) -> Iterator[Treated]:
    """Exact numbers, for a writer that lets them through the gate. A query a breakdown."""
    splits = {
        code: exact.split(NumbersInTreatment, of, periods, code)
        for code in dict.fromkeys(group.breakdown for group in GROUPS.values())
    }
    for period in periods:
        measured = exact.measured(period)
        if measured is None:
            continue
        for name, group in GROUPS.items():
            values = group.values(measured.rules)
            labels = BREAKDOWNS[group.breakdown].labels(measured.rules)
            label = ", ".join(labels[value].lower() for value in values)
            for area in of:
                held = [splits[group.breakdown][value, area, period] for value in values]
                people = [one.value.value for one in held if isinstance(one.value.value, int)]
                if len(people) == len(values):
                    yield Treated(area, name, period, label, sum(people))
