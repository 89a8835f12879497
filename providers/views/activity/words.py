"""A return's numbers and findings in words."""

from collections.abc import Mapping, Sequence

from commissioning.components import DataTable
from commissioning.kernel.words import MISSING, count
from providers.choices import ActivityMeasure
from providers.rules.activity_checks import ActivityFinding, Cell, FindingGrade
from providers.selectors.activity import AskedRow


def numbers_table(rows: Sequence[AskedRow], numbers: Mapping[Cell, int]) -> DataTable:
    """What a return says: an intervention a row, a measure a column."""
    asked = {measure for row in rows for measure in row.measures}
    measures = [one for one in ActivityMeasure if one in asked]
    return DataTable(
        ["Intervention", *(one.label for one in measures)],
        [
            [str(row.delivered.intervention), *(_cell(row, one, numbers) for one in measures)]
            for row in rows
        ],
    )


def _cell(row: AskedRow, measure: ActivityMeasure, numbers: Mapping[Cell, int]) -> str:
    if measure not in row.measures:
        return ""
    number = numbers.get((row.delivered.pk, measure.value))
    return MISSING if number is None else count(number)


def sentences(
    findings: Sequence[ActivityFinding], rows: Sequence[AskedRow], grade: FindingGrade
) -> list[str]:
    """The findings of one grade, each with what it is about."""
    names = {row.delivered.pk: str(row.delivered.intervention) for row in rows}
    return [
        f"{names[one.cell[0]]}, {ActivityMeasure(one.cell[1]).label.lower()}: {_said(one)}"
        for one in findings
        if one.grade is grade
    ]


def _said(finding: ActivityFinding) -> str:
    now, before = count(finding.now), count(finding.before)
    match finding.kind:
        case "missing":
            return "no number. Write 0 where there were none."
        case "accepted":
            return f"{now} accepted, and only {before} offered."
        case _:
            return f"{now}, after {before} the quarter before."
