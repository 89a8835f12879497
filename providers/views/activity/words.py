"""A return's numbers and findings in words."""

from collections.abc import Mapping, Sequence

from commissioning.components import DataTable
from commissioning.kernel.words import MISSING, count
from commissioning.models import Organisation
from providers.choices import ActivityMeasure
from providers.rules.activity_checks import ActivityFinding, Cell, FindingGrade, Part
from providers.selectors.activity import AskedRow

NOT_SPLIT = "not split by partnership"


def numbers_table(
    rows: Sequence[AskedRow],
    numbers: Mapping[Cell, int],
    partnerships: Sequence[Organisation] = (),
    parts: Mapping[Part, int] | None = None,
) -> DataTable:
    """What a return says: an intervention a row, a measure a column; below it what of the first
    was for each partnership, where there are several."""
    asked = {measure for row in rows for measure in row.measures}
    measures = [one for one in ActivityMeasure if one in asked]
    return DataTable(
        ["Intervention", *(one.label for one in measures)],
        [
            line
            for row in rows
            for line in (
                [str(row.delivered.intervention), *(_cell(row, one, numbers) for one in measures)],
                *_split(row, measures, partnerships, parts or {}),
            )
        ],
    )


def _split(
    row: AskedRow,
    measures: Sequence[ActivityMeasure],
    partnerships: Sequence[Organisation],
    parts: Mapping[Part, int],
) -> list[list[str]]:
    held = [parts.get((row.delivered.pk, one.pk)) for one in partnerships]
    if partnerships and held.count(None) == len(held):
        return [[f"{row.delivered.intervention}: {NOT_SPLIT}", *("" for _ in measures)]]
    return [
        [
            f"{row.delivered.intervention}: of these, for {one}",
            *(
                "" if measure != row.measures[0] else MISSING if number is None else count(number)
                for measure in measures
            ),
        ]
        for one, number in zip(partnerships, held, strict=True)
    ]


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
        case "part missing":
            said = "1 partnership has" if finding.now == 1 else f"{now} partnerships have"
            return f"{said} no number, and others have. Write 0 where there were none."
        case "parts beyond":
            return f"{now} for the partnerships together, and only {before} in all."
        case "accepted":
            return f"{now} accepted, and only {before} offered."
        case _:
            return f"{now}, after {before} the quarter before."
